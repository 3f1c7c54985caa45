#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/module/late_module.h"
#include "providers/linode/http_module.h"
#include "providers/linode/transport.h"

namespace tkn::linode {
namespace {

bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool IsNameCharacter(unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; }

std::string_view Trim(std::string_view text) {
  static constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Collects an answer within the limits.
class Collector final : public ModuleSink {
 public:
  explicit Collector(const HttpRequest& request) : request_(request) {}

  bool OnHeaderLine(const char* data, std::size_t size) noexcept override {
    return Guard([&] {
      const std::string_view line = Trim({data, size});
      header_bytes_ += size;
      if (header_bytes_ > kMaxHeaderBytes) return TooMuch("the headers of the answer are too long");
      if (line.starts_with("HTTP/")) {  // an interim answer (1xx) came before: it does not count
        response.headers.clear();
        return true;
      }
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) return true;
      response.headers.push_back(
          {std::string(Trim(line.substr(0, colon))), std::string(Trim(line.substr(colon + 1)))});
      return true;
    });
  }

  bool OnBody(const char* data, std::size_t size) noexcept override {
    return Guard([&] {
      if (response.body.size() + size > kMaxBodyBytes) return TooMuch("the answer is too long");
      response.body.append(data, size);
      return true;
    });
  }

  bool ShouldStop() noexcept override {
    return (request_.cancel != nullptr && request_.cancel->IsCancelled()) ||
           (request_.stop != nullptr && request_.stop->IsCancelled());
  }

  HttpResponse response{};
  const char* refused = nullptr;

 private:
  bool TooMuch(const char* why) {
    refused = why;
    return false;
  }
  template <typename F>
  bool Guard(F f) noexcept {
    try {
      return f();
    } catch (...) {
      refused = "out of memory";
      return false;
    }
  }

  const HttpRequest& request_;
  std::size_t header_bytes_ = 0;
};

class ModuleTransport final : public HttpTransport {
 public:
  explicit ModuleTransport(std::vector<std::string> paths) : paths_(std::move(paths)) {}
  ~ModuleTransport() override {
    if (loader_.joinable()) loader_.join();
  }

  void Prepare() override {
    std::call_once(prepared_, [this] {
      loader_ = std::thread([this] { std::call_once(loaded_, [this] { Load(); }); });
    });
  }

  HttpResult Send(const HttpRequest& request) override {
    if (std::string why = CheckRequest(request); !why.empty()) {
      return {Delivery::kNotSent, std::move(why)};
    }
    std::call_once(loaded_, [this] { Load(); });
    if (module_ == nullptr) return {Delivery::kNotSent, problem_};

    std::vector<std::string> lines;
    lines.reserve(request.headers.size());
    for (const HttpHeader& header : request.headers) {
      lines.push_back(header.name + ": " + header.value);
    }
    std::vector<const char*> line_pointers;
    line_pointers.reserve(lines.size());
    for (const std::string& line : lines) line_pointers.push_back(line.c_str());
    const ModuleRequest raw{
        .method = request.method.c_str(),
        .url = request.url.c_str(),
        .header_lines = line_pointers.data(),
        .header_count = line_pointers.size(),
        .body = request.body.empty() ? nullptr : request.body.data(),
        .body_size = request.body.size(),
        .ca_path = request.ca_path.empty() ? nullptr : request.ca_path.c_str(),
        .connect_timeout_ms = static_cast<long>(std::chrono::milliseconds(kConnectTimeout).count()),
        .timeout_ms = static_cast<long>(request.timeout.count()),
        .once = request.method == "POST",
    };
    Collector collector(request);
    const ModuleResult raw_result = module_->Perform(raw, collector);

    HttpResult result;
    result.response = std::move(collector.response);
    result.response.status = raw_result.status;
    result.message = raw_result.message;
    switch (raw_result.outcome) {
      case ModuleOutcome::kAnswered:
        result.delivery = Delivery::kAnswered;
        break;
      case ModuleOutcome::kNotSent:
        result.delivery = Delivery::kNotSent;
        break;
      case ModuleOutcome::kLost:
        result.delivery = Delivery::kLost;
        break;
      case ModuleOutcome::kStopped:
        result.delivery = Delivery::kCancelled;
        break;
    }
    if (collector.refused != nullptr) {
      result.delivery = Delivery::kLost;
      result.message = collector.refused;
    }
    return result;
  }

 private:
  void Load() {
    module_ = LoadModule<HttpModule>(paths_, kHttpModuleSymbol, kHttpModuleVersion, problem_);
    if (module_ == nullptr) problem_ = "the module libtkn_http.so can't be used: " + problem_;
  }

  const std::vector<std::string> paths_;
  std::once_flag prepared_, loaded_;
  std::thread loader_;
  HttpModule* module_ = nullptr;
  std::string problem_;
};

}  // namespace

const std::string* HttpResponse::FindHeader(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (SameName(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::string CheckRequest(const HttpRequest& request) {
  const std::string_view url = request.url;
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return "only http and https URLs can be used";
  }
  if (HasControl(url) || url.find_first_of(" \t") != std::string_view::npos) {
    return "the URL holds a space or a control character";
  }
  static constexpr std::array<std::string_view, 4> kMethods = {"GET", "POST", "PUT", "DELETE"};
  if (std::find(kMethods.begin(), kMethods.end(), request.method) == kMethods.end()) {
    return "the method is not one of GET, POST, PUT and DELETE";
  }
  for (const HttpHeader& header : request.headers) {
    if (header.name.empty() || !std::all_of(header.name.begin(), header.name.end(),
                                            [](unsigned char c) { return IsNameCharacter(c); })) {
      return "a header has a name that HTTP does not allow";
    }
    // A line break would begin another header. The value is not shown: it may be the token.
    if (HasControl(header.value)) {
      return "the header " + header.name + " holds a line break or another control character";
    }
  }
  return "";
}

std::shared_ptr<HttpTransport> MakeModuleTransport(std::vector<std::string> module_paths) {
  return std::make_shared<ModuleTransport>(std::move(module_paths));
}

}  // namespace tkn::linode
