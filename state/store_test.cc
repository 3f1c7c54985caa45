#include "state/store.h"

#include <catch2/catch.hpp>

namespace tkn::state {
namespace {

StoredObject Object(const std::string& address, const std::string& deposed = "") {
  Diagnostics diags;
  StoredObject object;
  object.address = *Address::Parse(address, diags);
  object.deposed_key = deposed;
  return object;
}

TEST_CASE("a snapshot finds objects and the range of a resource") {
  Snapshot snapshot;
  CHECK(snapshot.IsEmpty());
  snapshot.objects = {Object("t.b"), Object("t.a[10]"), Object("t.a[2]", "ffffffff"),
                      Object("t.a[2]"), Object("module.m.t.a")};
  snapshot.outputs = {{"z", "1", "\"number\"", false}, {"a", "1", "\"number\"", false}};
  snapshot.Sort();
  CHECK(snapshot.outputs[0].name == "a");
  CHECK(snapshot.objects[0].address.ToString() == "t.a[2]");
  CHECK(snapshot.objects[0].deposed_key.empty());
  CHECK(snapshot.objects[1].deposed_key == "ffffffff");
  CHECK(snapshot.objects[2].address.ToString() == "t.a[10]");
  CHECK(snapshot.Find(Object("t.b").address)->address.ToString() == "t.b");
  CHECK(snapshot.Find(Object("t.a[2]").address, "ffffffff") == &snapshot.objects[1]);
  CHECK(snapshot.Find(Object("t.a[2]").address, "00000000") == nullptr);
  CHECK(snapshot.Find(Object("t.c").address) == nullptr);
  CHECK(snapshot.Range(Object("t.a").address.Resource()) ==
        std::pair<std::size_t, std::size_t>{0, 3});
  CHECK(snapshot.Range(Object("module.m.t.a").address.Resource()) ==
        std::pair<std::size_t, std::size_t>{4, 5});
  const auto none = snapshot.Range(Object("t.aa").address.Resource());
  CHECK(none.first == none.second);
}

}  // namespace
}  // namespace tkn::state
