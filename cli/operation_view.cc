#include "cli/operation_view.h"

#include <algorithm>
#include <cstdlib>

#include "cli/terminal/screen.h"
#include "engine/lang/print.h"
#include "engine/render/loss_summary.h"
#include "engine/render/plan_text.h"
#include "engine/render/progress_json.h"
#include "engine/render/progress_text.h"

namespace tkn::cli {
namespace {

class TextView final : public OperationView {
 public:
  TextView(Session& session, bool compact_warnings)
      : session_(session),
        compact_warnings_(compact_warnings),
        hooks_(render::ProgressText(
            session.style(), [&session](std::string_view line) { session.terminal().Out(line); })) {
  }

  void Diagnose(Diagnostics diags) override { session_.Show(std::move(diags), compact_warnings_); }
  plan::Hooks& hooks() override { return *hooks_; }
  void ShowPlan(const plan::Plan& plan) override {
    const std::string text = render::PlanText(plan, session_.style());
    session_.terminal().Out(text);
    // What is lost has scrolled away by the time that somebody is asked.
    const int rows = ScreenRows();
    if (rows > 0 && std::count(text.begin(), text.end(), '\n') > rows)
      session_.terminal().Out(render::LossSummary(plan, session_.style()));
  }

  void ShowSavedPlan(const plan::Plan&) override {}

  void PlanSaved(const plan::Plan& plan, const std::string& path) override {
    // Whoever started this knows what comes next.
    if (const char* set = std::getenv("TF_IN_AUTOMATION"); set && *set) return;
    const render::TextStyle& style = session_.style();
    std::string out;
    if (path.empty()) {
      if (!plan.HasChanges()) return;
      out = "\n" + Rule() + "\n" +
            render::WrapParagraphs(
                "\nNote: The plan was not saved (-out=FILE). \"tkn apply\" makes a new one, "
                "which may differ if something changes in between.",
                style.columns - 1) +
            "\n";
    } else {
      out = "\n" + Rule() + "\n\nSaved the plan to: " + path +
            (plan.HasChanges() ? "\n\nTo perform exactly these actions, run the following command "
                                 "to apply:\n    tkn apply \"" +
                                     path + "\"\n"
                               : "\n\nApplying it changes nothing.\n");
    }
    session_.terminal().Out(out);
  }

  void Finished(Operation operation, const apply::ApplyResult& result) override {
    const render::TextStyle& style = session_.style();
    std::string out;
    switch (operation) {
      case Operation::kDestroy:
        out =
            "\n" +
            style.Paint("1;32", "Destroy complete! Resources: " + std::to_string(result.destroyed) +
                                    " destroyed.") +
            "\n";
        break;
      case Operation::kApply: {
        std::string counts;
        if (result.imported > 0) counts = std::to_string(result.imported) + " imported, ";
        counts += std::to_string(result.added) + " added, " + std::to_string(result.changed) +
                  " changed, " + std::to_string(result.destroyed) + " destroyed.";
        out = "\n" + style.Paint("1;32", "Apply complete! Resources: " + counts) + "\n";
        break;
      }
      case Operation::kRefresh:
        break;
    }
    if (!result.outputs.empty() && operation != Operation::kDestroy) {
      out += "\n" + style.Paint("1;32", "Outputs:") + "\n\n";
      for (const auto& output : result.outputs) {
        out += output.name + " = " +
               (output.sensitive ? "<sensitive>" : lang::PrintValue(output.value)) + "\n";
      }
    }
    session_.terminal().Out(out);
  }

 private:
  std::string Rule() const {
    render::TextStyle style = session_.style();
    --style.columns;
    return render::HorizontalRule(style);
  }

  Session& session_;
  bool compact_warnings_;
  std::unique_ptr<plan::Hooks> hooks_;
};

class JsonView final : public OperationView {
 public:
  explicit JsonView(Session& session)
      : session_(session),
        stream_([&session](std::string_view line) { session.terminal().Out(line); }) {
    session.terminal().DisableActivity();
    stream_.Version();
  }

  void Diagnose(Diagnostics diags) override { stream_.Diagnose(diags, session_.sources()); }
  plan::Hooks& hooks() override { return stream_.hooks(); }
  void ShowPlan(const plan::Plan& plan) override { stream_.PlannedChanges(plan); }
  void ShowSavedPlan(const plan::Plan& plan) override { stream_.SavedChanges(plan); }
  void PlanSaved(const plan::Plan&, const std::string&) override {}
  void Finished(Operation operation, const apply::ApplyResult& result) override {
    if (operation != Operation::kRefresh) {
      stream_.ChangeSummary(operation == Operation::kDestroy
                                ? render::JsonStream::Operation::kDestroy
                                : render::JsonStream::Operation::kApply,
                            result.imported, result.added, result.changed, result.destroyed);
    }
    if (operation == Operation::kDestroy) return;  // which leaves none
    std::vector<render::JsonStream::Output> outputs;
    for (const auto& output : result.outputs)
      outputs.push_back({output.name, output.value, output.sensitive});
    stream_.Outputs(outputs);
  }

 private:
  Session& session_;
  render::JsonStream stream_;
};

}  // namespace

std::unique_ptr<OperationView> OperationView::Make(Session& session, bool json,
                                                   bool compact_warnings) {
  if (json) return std::make_unique<JsonView>(session);
  return std::make_unique<TextView>(session, compact_warnings);
}

int OperationView::RefuseWords(Session& session, bool json, Diagnostics diags) {
  if (json) {
    JsonView(session).Diagnose(std::move(diags));
  } else {
    session.ShowUsage(std::move(diags));
  }
  return 1;
}

}  // namespace tkn::cli
