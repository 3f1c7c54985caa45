#include "cli/operation_flags.h"

namespace tkn::cli {
namespace {

// Errors about an address, told as errors about the flag it stands in.
void Rename(const std::string& summary, Diagnostics problems, Diagnostics& diags) {
  for (Diagnostic& problem : problems) problem.summary = summary;
  diags.Append(std::move(problems));
}

}  // namespace

void VariableFlags::Register(FlagSet& flags) {
  const auto add = [this](config::VariableArgument::Kind kind) {
    return [this, kind](std::string_view text) {
      arguments.push_back({kind, std::string(text)});
      return std::string();
    };
  };
  flags.Custom("var", false, add(config::VariableArgument::Kind::kAssignment));
  flags.Custom("var-file", false, add(config::VariableArgument::Kind::kFile));
}

void StateFlags::Register(FlagSet& flags) {
  flags.Bool("lock", &lock);
  flags.Duration("lock-timeout", &lock_timeout_seconds);
  flags.String("state", &state);
  flags.String("state-out", &state_out);
  flags.String("backup", &backup);
}

void ViewFlags::Register(FlagSet& flags) {
  flags.Bool("input", &input);
  flags.Bool("compact-warnings", &compact_warnings);
  flags.Bool("json", &json);
}

void PlanFlags::Register(FlagSet& flags) {
  flags.Bool("destroy", &destroy);
  flags.Bool("refresh-only", &refresh_only);
  flags.Bool("refresh", &refresh);
  flags.Bool("offline", &offline);
  flags.Int("parallelism", &parallelism);
  flags.Strings("target", &targets);
  flags.Strings("replace", &replace);
  flags.Strings("rotate", &rotate);
  flags.String("generate-config-out", &generate_config_out);
}

std::optional<plan::PlanOptions> PlanFlags::ToOptions(Diagnostics& diags) const {
  Diagnostics more;
  plan::PlanOptions options;
  options.refresh = refresh;
  options.offline = offline;
  options.parallelism = parallelism;
  options.generate_config = !generate_config_out.empty();
  if (destroy && refresh_only) {
    more.Add(
        {.summary = "Incompatible plan mode options",
         .detail = "-destroy and -refresh-only ask for different kinds of plan: leave one out."});
  } else if (destroy) {
    options.mode = plan::Mode::kDestroy;
  } else if (refresh_only) {
    options.mode = plan::Mode::kRefreshOnly;
    if (!refresh) {
      more.Add({.summary = "Incompatible refresh options",
                .detail = "-refresh-only compares the state with the world, which -refresh=false "
                          "forbids: leave one out."});
    }
  }
  if (options.mode == plan::Mode::kRefreshOnly && offline) {
    more.Add({.summary = "Incompatible refresh options",
              .detail = "-refresh-only asks providers about every object, which -offline forbids: "
                        "leave one out."});
  }
  if (options.generate_config && options.mode != plan::Mode::kNormal) {
    more.Add({.summary = "Invalid generate-config-out flag",
              .detail = "-generate-config-out writes blocks for what a plan imports, and with "
                        "-destroy or -refresh-only nothing is imported: leave one of them out."});
  }
  if (parallelism < 1) {
    more.Add({.summary = "Invalid parallelism value",
              .detail = "-parallelism is how many calls to providers may be under way at once: at "
                        "least 1, not " +
                        std::to_string(parallelism) + "."});
  }
  for (const std::string& text : targets) {
    Diagnostics problems;
    if (auto target = TargetAddress::Parse(text, problems))
      options.targets.push_back(std::move(*target));
    Rename("Invalid target \"" + text + "\"", std::move(problems), more);
  }
  if ((!replace.empty() || !rotate.empty()) && options.mode != plan::Mode::kNormal) {
    more.Add({.summary = "Unsupported plan mode",
              .detail = "-replace and -rotate have a meaning only in a plan that creates and "
                        "updates: not with "
                        "-destroy or -refresh-only."});
  }
  std::vector<std::string> forced = rotate;
  forced.insert(forced.end(), replace.begin(), replace.end());
  for (std::size_t i = 0; i < forced.size(); ++i) {
    const std::string& text = forced[i];
    Diagnostics problems;
    const auto address = Address::Parse(text, problems);
    Rename("Invalid force-replace address \"" + text + "\"", std::move(problems), more);
    if (!address) continue;
    if (address->resource.mode != ResourceMode::kManaged) {
      more.Add({.summary = "Invalid force-replace address \"" + text + "\"",
                .detail = "Only managed resources can be replaced: a data source is read anew by "
                          "every plan anyway."});
      continue;
    }
    options.force_replace.push_back(*address);
    if (i < rotate.size()) options.rotate.push_back(*address);
  }
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return std::nullopt;
  return options;
}

}  // namespace tkn::cli
