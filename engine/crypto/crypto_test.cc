#include "engine/crypto/crypto.h"

#include <catch2/catch.hpp>

namespace tkn::crypto {
namespace {

TEST_CASE("digests are those that the standards give for \"abc\"") {
  CHECK(ToHex(Digest("MD5", "abc")) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(ToHex(Digest("SHA1", "abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(ToHex(Digest("SHA256", "abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(ToHex(Digest("SHA3-512", "abc")).substr(0, 32) == "b751850b1a57168a5693cd924b6b096e");
  CHECK_THROWS_AS(Digest("none", "abc"), std::logic_error);
}

TEST_CASE("what is no key is told apart from what is not for it") {
  CHECK_FALSE(RsaDecrypt("no key", "x").is_key);
  CHECK_FALSE(RsaDecrypt("", "").is_key);
}

}  // namespace
}  // namespace tkn::crypto
