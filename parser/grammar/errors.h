#pragma once

// What the grammar can find wrong. Summaries are Terraform's, since people search for them.
namespace tkn::parser::grammar {

struct Error {
  const char* summary;
  const char* detail;
  // Most errors after the first one of a file only follow from it, since the parser then guesses
  // where to go on. Those that are also said while it does so are false here.
  bool only_first = true;
};

inline constexpr Error kInvalidExpression{
    "Invalid expression",
    "No expression can start like this. Expected a value here: a literal, a reference, a function "
    "call, or one in "
    "brackets."};
inline constexpr Error kMissingExpression{
    "Missing expression", "The text ends where an expression is needed. Add the missing value."};
inline constexpr Error kMissingFalse{"Missing false expression in conditional",
                                     "A conditional has three parts, \"condition ? when_true : "
                                     "when_false\". Its colon and the part after it are "
                                     "missing here.",
                                     false};
inline constexpr Error kUnbalancedParentheses{"Unbalanced parentheses",
                                              "The opening parenthesis before this has no partner "
                                              "here. Add \")\", or remove what stands between.",
                                              false};
inline constexpr Error kInvalidNumber{"Invalid number literal",
                                      "This looks like a number but is not one that can be "
                                      "represented. Numbers are decimal, such as 12, 0.5 or 1e3.",
                                      false};
inline constexpr Error kInvalidAttributeName{
    "Invalid attribute name", "A dot must be followed by the name of an attribute.", false};
inline constexpr Error kInvalidSplatAttributeName{
    "Invalid attribute name", "A dot must be followed by the name of an attribute."};
inline constexpr Error kNestedSplat{"Nested splat expression not allowed",
                                    "After \".*\" no second \"*\" can follow. Use the form with "
                                    "brackets, [*], which can be nested."};
inline constexpr Error kLegacyIndex{"Invalid legacy index syntax",
                                    "Two indexes in a row can not be written with dots, since they "
                                    "read as one fractional number. Write them in "
                                    "brackets, as in a[0][1].",
                                    false};
inline constexpr Error kMissingCloseBracketSplat{
    "Missing close bracket on splat index",
    "The star of [*] must be followed by its closing bracket at once."};
inline constexpr Error kMissingCloseBracketIndex{
    "Missing close bracket on index",
    "Only one expression can stand in index brackets, and a closing bracket must follow it."};
inline constexpr Error kMissingFunctionName{
    "Missing function name",
    "After \"::\" the name of a function, or a further part of it, must follow.", false};
inline constexpr Error kMissingOpenParen{"Missing open parenthesis",
                                         "A name with \"::\" is that of a function, and can only "
                                         "be called: an argument list in parentheses must follow.",
                                         false};
inline constexpr Error kMissingArgumentSeparator{
    "Missing argument separator",
    "The arguments of a function call are separated by commas. Add one before this.", false};
inline constexpr Error kUnterminatedCall{"Unterminated function call",
                                         "The text ends before this call's closing parenthesis. "
                                         "Perhaps brackets are not balanced further on.",
                                         false};
inline constexpr Error kEllipsisNotLast{
    "Missing closing parenthesis",
    "\"...\" expands the last argument of a call, so only the closing parenthesis can follow it."};
inline constexpr Error kUnterminatedTuple{"Unterminated tuple constructor expression",
                                          "The text ends before this bracket's closing \"]\". "
                                          "Perhaps brackets are not balanced further on."};
inline constexpr Error kMissingItemSeparator{
    "Missing item separator",
    "The elements of a list are separated by commas. Add one before this, or close the list."};
inline constexpr Error kUnterminatedObject{
    "Unterminated object constructor expression",
    "The text ends before this brace's closing \"}\". Perhaps braces are not balanced further on."};
inline constexpr Error kMissingAttributeValue{
    "Missing attribute value", "Each key of an object needs a value: write \"key = value\"."};
inline constexpr Error kMissingKeyValueSeparator{
    "Missing key/value separator",
    "The key of an object must be followed by \"=\" and its value. A key that is not a plain name "
    "is written in "
    "quotes, or in parentheses if it is an expression."};
inline constexpr Error kMissingAttributeSeparator{
    "Missing attribute separator",
    "The entries of an object are separated by commas or newlines. Add one before this, or close "
    "the object."};

inline constexpr const char* kForSummary = "Invalid 'for' expression";
inline constexpr Error kForNeedsName{kForSummary,
                                     "After \"for\" the name of a variable must follow."};
inline constexpr Error kForNeedsSecondName{
    kForSummary, "After the comma a second variable name, the one for the value, must follow."};
inline constexpr Error kForNeedsIn{
    kForSummary,
    "After its variable names a 'for' expression needs \"in\" and the collection to go through."};
inline constexpr Error kForNeedsColon{
    kForSummary,
    "After the collection a 'for' expression needs a colon and the result for each element."};
inline constexpr Error kForExtra{
    kForSummary,
    "The 'for' expression is complete before this: close it, or remove what is too much."};
inline constexpr Error kForKeyInTuple{
    kForSummary,
    "\"=>\" makes an object, which is written in braces. In brackets give only one result.", false};
inline constexpr Error kForGroupInTuple{kForSummary,
                                        "\"...\" collects the values that share a key of an "
                                        "object. A list has no keys, so it can not be used "
                                        "in brackets.",
                                        false};
inline constexpr Error kForKeyMissing{
    kForSummary,
    "In braces a 'for' expression makes an object, so it needs a key too: write \"key => value\".",
    false};

inline constexpr Error kUnterminatedTemplate{
    "Unterminated template string",
    "The closing mark of this text was not found: a quote, or for a heredoc a line "
    "with only its marker."};
inline constexpr Error kUnclosedInterpolationFile{
    "Unclosed template interpolation sequence",
    "The text ends before the \"}\" that belongs to this. Perhaps brackets or quotes within it are "
    "not balanced."};
inline constexpr Error kUnclosedInterpolationQuote{
    "Unclosed template interpolation sequence",
    "The quoted text ends before the \"}\" that belongs to this. Perhaps brackets within it are "
    "not balanced."};
inline constexpr Error kExtraInInterpolation{
    "Extra characters after interpolation expression",
    "The expression is complete before this, so a \"}\" is needed here. If \"${\" is meant as "
    "plain text, perhaps for a "
    "shell script, write \"$${\"."};
inline constexpr Error kInvalidDirective{
    "Invalid template directive",
    "After \"%{\" one of the words if, else, endif, for or endfor must follow. If "
    "\"%{\" is meant as plain text, write \"%%{\"."};
inline constexpr const char* kForDirectiveSummary = "Invalid 'for' directive";
inline constexpr Error kForDirectiveNeedsName{kForDirectiveSummary,
                                              "After \"for\" the name of a variable must follow."};
inline constexpr Error kForDirectiveNeedsSecondName{
    kForDirectiveSummary,
    "After the comma a second variable name, the one for the value, must follow."};
inline constexpr Error kForDirectiveNeedsIn{
    kForDirectiveSummary,
    "After its variable names a 'for' directive needs \"in\" and the collection to go through."};

inline constexpr Error kItemRequired{
    "Argument or block definition required",
    "Only an argument (\"name = value\") or a block (\"type { ... }\") can stand here.", false};
inline constexpr Error kItemRequiredQuiet{
    "Argument or block definition required",
    "Only an argument (\"name = value\") or a block (\"type { ... }\") can stand here."};
inline constexpr Error kItemIncomplete{"Argument or block definition required",
                                       "A name alone means nothing here. To set an argument write "
                                       "\"name = value\", to begin a block \"type {\".",
                                       false};
inline constexpr Error kQuotedArgument{"Invalid argument name",
                                       "The name of an argument is written without quotes."};
inline constexpr Error kArgumentNewline{
    "Missing newline after argument",
    "An argument ends with its line. Put what follows on a line of its own."};
inline constexpr Error kArgumentComma{
    "Unexpected comma after argument",
    "Arguments are separated by newlines, not by commas. Remove the comma and begin a new line."};
inline constexpr const char* kBlockSummary = "Invalid block definition";
inline constexpr Error kBlockEquals{
    kBlockSummary,
    "\"=\" sets an argument, but what precedes it looks like the start of a block. A block's \"{\" "
    "follows its labels directly.",
    false};
inline constexpr Error kBlockNewline{
    kBlockSummary, "The \"{\" of a block must be on the same line as its type and labels.", false};
inline constexpr Error kBlockOther{
    kBlockSummary, "Expected a label in quotes, or the \"{\" that begins the block's content."};
inline constexpr Error kUnclosedBlock{"Unclosed configuration block",
                                      "The text ends before the \"}\" that belongs to this brace. "
                                      "Perhaps braces are not balanced further on."};
inline constexpr Error kBlockLineEnd{
    "Missing newline after block definition",
    "A block ends with its line. Put what follows its closing brace on a line of its own."};
inline constexpr const char* kSingleSummary = "Invalid single-argument block definition";
inline constexpr Error kSingleComma{
    kSingleSummary,
    "A block on one line can hold only one argument. For several, begin a new line after \"{\" and "
    "after each argument.",
    false};
inline constexpr Error kSingleNewline{
    kSingleSummary,
    "A block whose argument is on the line of its \"{\" must also be closed on that line.", false};
inline constexpr Error kSingleOther{
    kSingleSummary, "A block on one line must be closed right after its single argument."};
inline constexpr Error kLabelUnterminated{"Unterminated string literal",
                                          "The closing quote of this label was not found.", false};
inline constexpr Error kLabelTemplate{
    "Invalid string literal",
    "A label is plain text, without template sequences. To write \"${\" or \"%{\" as such, double "
    "the sign: \"$${\", \"%%{\".",
    false};
inline constexpr Error kLabelInvalid{"Invalid string literal",
                                     "This can not be part of a block's label.", false};

inline constexpr Error kExtraAfterExpression{"Extra characters after expression",
                                             "The expression is complete before this. Remove what "
                                             "follows, or add the operator that is missing."};

}  // namespace tkn::parser::grammar
