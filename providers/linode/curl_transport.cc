#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <vector>

#include "providers/linode/http_module.h"

// The whole of libtkn_http.so, the only file that knows libcurl.
namespace tkn::linode {
namespace {

std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* sink) {
  const std::size_t bytes = size * count;
  return static_cast<ModuleSink*>(sink)->OnHeaderLine(data, bytes) ? bytes : 0;
}

std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* sink) {
  const std::size_t bytes = size * count;
  return static_cast<ModuleSink*>(sink)->OnBody(data, bytes) ? bytes : 0;
}

int OnProgress(void* sink, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<ModuleSink*>(sink)->ShouldStop() ? 1 : 0;
}

// The body of a request that is sent once. libcurl can not have it from the start again, so where
// it would repeat the request after a kept connection broke, it fails with CURLE_SEND_FAIL_REWIND.
// (It does repeat it when no byte of the body was sent: then there was no whole request.)
struct Upload {
  const char* data;
  std::size_t left;
};

std::size_t ReadUpload(char* to, std::size_t size, std::size_t count, void* from) {
  auto& upload = *static_cast<Upload*>(from);
  const std::size_t bytes = std::min(size * count, upload.left);
  std::memcpy(to, upload.data, bytes);
  upload.data += bytes;
  upload.left -= bytes;
  return bytes;
}

int RefuseRewind(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }

// Bodies are small, and libcurl makes a buffer for each; this is the least it allows.
constexpr long kUploadBuffer = 16 * 1024;

// A server may be about to close what was idle for long.
constexpr long kLongestIdleSeconds = 5;

bool NothingWasSent(CURL* handle, CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_FAILED_INIT:
    case CURLE_OUT_OF_MEMORY:
      return true;
    default: {
      // Set once the connection stood and the request was about to go out.
      curl_off_t ready = 0;
      curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready);
      return ready == 0;
    }
  }
}

// Keeps easy handles, and with them their connections: each caller takes one and gives it back, so
// there are as many as there were ever calls at once.
class CurlModule final : public HttpModule {
 public:
  ModuleResult Perform(const ModuleRequest& request, ModuleSink& sink) noexcept override {
    ModuleResult result{};
    CURL* handle = Take();
    if (handle == nullptr) {
      result.outcome = ModuleOutcome::kNotSent;
      Explain(result, "libcurl could not be set up");
      return result;
    }
    curl_slist* headers = nullptr;
    bool built = true;
    for (std::size_t i = 0; i < request.header_count && built; ++i) {
      curl_slist* longer = curl_slist_append(headers, request.header_lines[i]);
      built = longer != nullptr;
      if (built) headers = longer;
    }
    if (built) {
      if (curl_slist* longer = curl_slist_append(headers, "Expect:")) headers = longer;
      Transfer(handle, request, headers, sink, result);
    } else {
      result.outcome = ModuleOutcome::kNotSent;
      Explain(result, "out of memory");
    }
    curl_slist_free_all(headers);
    Give(handle);
    return result;
  }

 private:
  static void Explain(ModuleResult& result, const char* text) {
    const std::size_t size = std::min(std::strlen(text), sizeof(result.message) - 1);
    std::memcpy(result.message, text, size);
    result.message[size] = '\0';
  }

  static void Transfer(CURL* handle, const ModuleRequest& request, curl_slist* headers,
                       ModuleSink& sink, ModuleResult& result) {
    char error[CURL_ERROR_SIZE] = "";
    const auto set = [&](CURLoption option, auto value) {
      return curl_easy_setopt(handle, option, value) == CURLE_OK;
    };
    curl_easy_reset(handle);  // options only: connections and TLS sessions stay
    bool ready =
        set(CURLOPT_ERRORBUFFER, error) && set(CURLOPT_URL, request.url) &&
        set(CURLOPT_PROTOCOLS_STR, "http,https") && set(CURLOPT_FOLLOWLOCATION, 0L) &&
        set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
        set(CURLOPT_NOSIGNAL, 1L) && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
        set(CURLOPT_CONNECTTIMEOUT_MS, request.connect_timeout_ms) &&
        set(CURLOPT_TIMEOUT_MS, request.timeout_ms) && set(CURLOPT_MAXCONNECTS, 2L) &&
        set(CURLOPT_TCP_KEEPALIVE, 1L) && set(CURLOPT_HTTPHEADER, headers) &&
        set(CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer) && set(CURLOPT_HEADERFUNCTION, &OnHeader) &&
        set(CURLOPT_HEADERDATA, static_cast<void*>(&sink)) && set(CURLOPT_WRITEFUNCTION, &OnBody) &&
        set(CURLOPT_WRITEDATA, static_cast<void*>(&sink)) && set(CURLOPT_NOPROGRESS, 0L) &&
        set(CURLOPT_XFERINFOFUNCTION, &OnProgress) &&
        set(CURLOPT_XFERINFODATA, static_cast<void*>(&sink));
    if (request.ca_path != nullptr) {
      // Replaces: without the second line, Debian's directory of roots would still be searched.
      ready = ready && set(CURLOPT_CAINFO, request.ca_path) &&
              set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
    }
    Upload upload{request.body, request.body_size};
    if (std::strcmp(request.method, "GET") == 0) {
      ready = ready && set(CURLOPT_HTTPGET, 1L);
    } else if (request.once && request.body_size > 0) {
      ready = ready && set(CURLOPT_POST, 1L) && set(CURLOPT_CUSTOMREQUEST, request.method) &&
              set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body_size)) &&
              set(CURLOPT_READFUNCTION, &ReadUpload) &&
              set(CURLOPT_READDATA, static_cast<void*>(&upload)) &&
              set(CURLOPT_SEEKFUNCTION, &RefuseRewind) &&
              set(CURLOPT_MAXAGE_CONN, kLongestIdleSeconds);
    } else {
      // Without a body there is nothing to be refused.
      ready = ready && set(CURLOPT_FRESH_CONNECT, request.once ? 1L : 0L);
      ready = ready && set(CURLOPT_POST, 1L) &&
              set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body_size)) &&
              set(CURLOPT_POSTFIELDS, request.body == nullptr ? "" : request.body) &&
              set(CURLOPT_CUSTOMREQUEST, request.method);
    }
    if (!ready) {
      result.outcome = ModuleOutcome::kNotSent;
      Explain(result, error[0] != '\0' ? error : "libcurl refused an option");
      return;
    }
    const CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    result.status = static_cast<int>(status);
    if (code == CURLE_OK) {
      result.outcome = ModuleOutcome::kAnswered;
      return;
    }
    result.outcome = code == CURLE_ABORTED_BY_CALLBACK ? ModuleOutcome::kStopped
                     : NothingWasSent(handle, code)    ? ModuleOutcome::kNotSent
                                                       : ModuleOutcome::kLost;
    Explain(result, error[0] != '\0' ? error : curl_easy_strerror(code));
  }

  CURL* Take() noexcept {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        CURL* handle = idle_.back();
        idle_.pop_back();
        return handle;
      }
    }
    return curl_easy_init();
  }

  void Give(CURL* handle) noexcept {
    try {
      const std::lock_guard lock(mutex_);
      idle_.push_back(handle);
    } catch (...) {
      curl_easy_cleanup(handle);
    }
  }

  std::mutex mutex_;
  std::vector<CURL*> idle_;
};

}  // namespace
}  // namespace tkn::linode

extern "C" __attribute__((visibility("default"))) tkn::linode::HttpModule* tkn_http_module(
    int version) {
  if (version != tkn::linode::kHttpModuleVersion) return nullptr;
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  // Never destroyed: calls may be under way on other threads while the process ends.
  static auto* module = new tkn::linode::CurlModule;
  return ready ? module : nullptr;
}
