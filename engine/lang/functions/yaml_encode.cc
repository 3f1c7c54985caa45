#include <yaml.h>

#include <stdexcept>

#include "engine/lang/functions/yaml.h"

namespace tkn::lang {

namespace {

class Writer {
 public:
  explicit Writer(std::string& out) {
    if (yaml_emitter_initialize(&emitter_) == 0) throw std::bad_alloc();
    yaml_emitter_set_output(
        &emitter_,
        [](void* target, unsigned char* bytes, std::size_t size) {
          static_cast<std::string*>(target)->append(reinterpret_cast<char*>(bytes), size);
          return 1;
        },
        &out);
    yaml_emitter_set_unicode(&emitter_, 1);
    yaml_event_t event;
    Emit(yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING), event);
    Emit(yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1), event);
  }
  ~Writer() { yaml_emitter_delete(&emitter_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void Finish() {
    yaml_event_t event;
    Emit(yaml_document_end_event_initialize(&event, 1), event);
    Emit(yaml_stream_end_event_initialize(&event), event);
  }

  void Write(const Value& value) {
    if (value.IsNull()) return Scalar("null", YAML_PLAIN_SCALAR_STYLE);
    switch (value.type().kind()) {
      case TypeKind::kString:
        return Text(value.AsString());
      case TypeKind::kNumber:
        return Scalar(value.AsNumber().ToString(), YAML_PLAIN_SCALAR_STYLE);
      case TypeKind::kBool:
        return Scalar(value.AsBool() ? "true" : "false", YAML_PLAIN_SCALAR_STYLE);
      case TypeKind::kMap:
      case TypeKind::kObject: {
        yaml_event_t event;
        Emit(yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1,
                                                 YAML_BLOCK_MAPPING_STYLE),
             event);
        for (std::size_t i = 0; i < value.Length(); ++i) {
          Text(value.KeyAt(i));
          Write(value.elements()[i]);
        }
        Emit(yaml_mapping_end_event_initialize(&event), event);
        return;
      }
      default: {
        yaml_event_t event;
        Emit(yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1,
                                                  YAML_BLOCK_SEQUENCE_STYLE),
             event);
        for (const Value& element : value.elements()) Write(element);
        Emit(yaml_sequence_end_event_initialize(&event), event);
      }
    }
  }

 private:
  void Text(std::string_view text) {
    Scalar(text, text.find('\n') == std::string_view::npos ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
                                                           : YAML_LITERAL_SCALAR_STYLE);
  }

  void Scalar(std::string_view text, yaml_scalar_style_t style) {
    yaml_event_t event;
    auto* bytes = reinterpret_cast<yaml_char_t*>(
        const_cast<char*>(text.data() == nullptr ? "" : text.data()));
    Emit(yaml_scalar_event_initialize(&event, nullptr, nullptr, bytes,
                                      static_cast<int>(text.size()), 1, 1, style),
         event);
  }

  void Emit(int initialized, yaml_event_t& event) {
    if (initialized == 0) throw std::bad_alloc();
    if (yaml_emitter_emit(&emitter_, &event) == 0) {
      throw std::logic_error(std::string("yaml: ") +
                             (emitter_.problem != nullptr ? emitter_.problem : ""));
    }
  }

  yaml_emitter_t emitter_{};
};

}  // namespace

std::string ToYaml(const Value& value) {
  std::string out;
  {
    Writer writer(out);
    writer.Write(value);
    writer.Finish();
  }
  // Versions of libyaml differ in when they mark the end of the document; Terraform's does it after
  // a plain scalar that is all of it, and only then.
  constexpr std::string_view kEnd = "...\n";
  const bool plain =
      value.IsNull() || value.type() == Type::Number() || value.type() == Type::Bool();
  const bool marked = out.ends_with("\n...\n") || out == kEnd;
  if (plain && !marked) out += kEnd;
  if (!plain && marked) out.resize(out.size() - kEnd.size());
  return out;
}

}  // namespace tkn::lang
