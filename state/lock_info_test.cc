#include "state/lock_info.h"

#include <catch2/catch.hpp>

namespace tkn::state {
namespace {

TEST_CASE("a lock's record survives writing and reading") {
  LockInfo info = NewLockInfo("OperationTypeApply", "why \"not\"", "0.1.0");
  info.path = "tkn.db";
  const auto back = LockInfoFromJson(LockInfoToJson(info));
  REQUIRE(back);
  CHECK(back->id == info.id);
  CHECK(back->operation == info.operation);
  CHECK(back->info == info.info);
  CHECK(back->who == info.who);
  CHECK(back->version == info.version);
  CHECK(back->created == info.created);
  CHECK(back->path == info.path);
  CHECK(back->pid == info.pid);
  info.path = "\xff/\n";  // names of files are bytes
  CHECK(LockInfoFromJson(LockInfoToJson(info))->path == "\xEF\xBF\xBD/\n");
  CHECK_FALSE(LockInfoFromJson("{"));
  CHECK_FALSE(LockInfoFromJson("[]"));
  CHECK(LockInfoFromJson(R"({"ID":1,"PID":"x"})")->id.empty());
}

TEST_CASE("a new lock says who and when") {
  const LockInfo info = NewLockInfo("OperationTypePlan", "", "0.1.0");
  CHECK(info.id.size() == 36);
  CHECK(info.id[14] == '4');
  CHECK(info.id != NewUuid());
  CHECK(info.created.size() == 30);
  CHECK(info.created.back() == 'Z');
  CHECK(info.pid > 0);
}

TEST_CASE("a refused lock shows its holder as Terraform does") {
  LockInfo info;
  info.id = "abc";
  info.path = "tkn.db";
  info.operation = "OperationTypeApply";
  info.who = "root@vm";
  info.version = "0.1.0";
  info.created = "2026-11-24T04:22:30.349765345Z";
  const Diagnostic shown = LockRefused("resource temporarily unavailable", info);
  CHECK(shown.summary == "Error acquiring the state lock");
  CHECK_THAT(shown.detail, Catch::StartsWith("Error message: resource temporarily unavailable\n"
                                             "Lock Info:\n"
                                             "  ID:        abc\n"
                                             "  Path:      tkn.db\n"
                                             "  Operation: OperationTypeApply\n"
                                             "  Who:       root@vm\n"
                                             "  Version:   0.1.0\n"
                                             "  Created:   2026-11-24T04:22:30.349765345Z\n"
                                             "  Info:      \n"));
  CHECK_THAT(LockRefused("x", std::nullopt).detail, !Catch::Contains("Lock Info"));
}

}  // namespace
}  // namespace tkn::state
