#include "tests/simulator/replay/recording.h"

#include <strings.h>
#include <yaml.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace tkn::simulator {
namespace {

// A loaded YAML document; nodes stay valid as long as it lives.
class Document {
 public:
  explicit Document(const std::string& file) {
    const std::unique_ptr<FILE, int (*)(FILE*)> in(std::fopen(file.c_str(), "rbe"), std::fclose);
    if (!in) throw std::runtime_error("cannot read " + file);
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) throw std::runtime_error("no YAML parser");
    yaml_parser_set_input_file(&parser, in.get());
    loaded_ = yaml_parser_load(&parser, &document_) != 0;
    yaml_parser_delete(&parser);
    if (!loaded_) throw std::runtime_error(file + " is no YAML");
  }
  ~Document() {
    if (loaded_) yaml_document_delete(&document_);
  }
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  yaml_node_t* Root() { return yaml_document_get_root_node(&document_); }
  yaml_node_t* Node(int index) { return yaml_document_get_node(&document_, index); }

  // The value of a key; null when there is none.
  yaml_node_t* Find(yaml_node_t* map, const std::string& key) {
    if (map == nullptr || map->type != YAML_MAPPING_NODE) return nullptr;
    const auto& pairs = map->data.mapping.pairs;
    for (yaml_node_pair_t* pair = pairs.start; pair < pairs.top; ++pair) {
      if (Text(Node(pair->key)) == key) return Node(pair->value);
    }
    return nullptr;
  }

  static std::string Text(yaml_node_t* node) {
    if (node == nullptr || node->type != YAML_SCALAR_NODE) return "";
    const auto& scalar = node->data.scalar;
    return {reinterpret_cast<const char*>(scalar.value), scalar.length};
  }

  std::vector<yaml_node_t*> Items(yaml_node_t* list) {
    std::vector<yaml_node_t*> items;
    if (list == nullptr || list->type != YAML_SEQUENCE_NODE) return items;
    const auto& from = list->data.sequence.items;
    for (yaml_node_item_t* item = from.start; item < from.top; ++item) items.push_back(Node(*item));
    return items;
  }

  std::vector<std::pair<std::string, std::string>> Headers(yaml_node_t* map) {
    std::vector<std::pair<std::string, std::string>> headers;
    if (map == nullptr || map->type != YAML_MAPPING_NODE) return headers;
    const auto& pairs = map->data.mapping.pairs;
    for (yaml_node_pair_t* pair = pairs.start; pair < pairs.top; ++pair) {
      for (yaml_node_t* value : Items(Node(pair->value))) {
        headers.emplace_back(Text(Node(pair->key)), Text(value));
      }
    }
    return headers;
  }

 private:
  yaml_document_t document_{};
  bool loaded_ = false;
};

}  // namespace

std::optional<std::string> Exchange::Header(const std::string& name) const {
  for (const auto& [key, value] : headers) {
    if (strcasecmp(key.c_str(), name.c_str()) == 0) return value;
  }
  return std::nullopt;
}

std::vector<Exchange> ReadRecording(const std::string& file) {
  Document document(file);
  std::vector<Exchange> exchanges;
  for (yaml_node_t* item : document.Items(document.Find(document.Root(), "interactions"))) {
    yaml_node_t* request = document.Find(item, "request");
    yaml_node_t* response = document.Find(item, "response");
    Exchange exchange;
    exchange.method = Document::Text(document.Find(request, "method"));
    const std::string url = Document::Text(document.Find(request, "url"));
    const size_t host = url.find("://");
    const size_t path = host == std::string::npos ? host : url.find('/', host + 3);
    if (path == std::string::npos) throw std::runtime_error("no path in " + url);
    exchange.target = url.substr(path);
    exchange.request_headers = document.Headers(document.Find(request, "headers"));
    exchange.request_body = Document::Text(document.Find(request, "body"));
    exchange.code = std::atoi(Document::Text(document.Find(response, "code")).c_str());
    exchange.headers = document.Headers(document.Find(response, "headers"));
    exchange.body = Document::Text(document.Find(response, "body"));
    exchanges.push_back(std::move(exchange));
  }
  if (exchanges.empty()) throw std::runtime_error(file + ": no interactions");
  return exchanges;
}

std::filesystem::path RecordingsFolder(const std::filesystem::path& source_folder) {
  const char* shared = std::getenv("TKN_SHARED");
  const std::filesystem::path base =
      shared != nullptr ? std::filesystem::path(shared) : source_folder / ".." / "shared";
  return base / "linode" / "recordings";
}

std::map<std::string, std::vector<Exchange>> ReadRecordings(const std::filesystem::path& folder) {
  std::map<std::string, std::vector<Exchange>> recordings;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.path().extension() != ".yaml") continue;
    recordings[entry.path().stem()] = ReadRecording(entry.path());
  }
  return recordings;
}

}  // namespace tkn::simulator
