#pragma once

#include <cstddef>
#include <cstdint>

// The codes of the encoding that its writer and its reader share.
//
// cty's encoding: null is nil, text str, numbers the smallest integer, else float64 where that is
// exact, else text; lists, sets and tuples arrays, maps and objects maps. A part of dynamic type is
// [type as JSON, value]. Unknown is extension 0 with one zero byte, or extension 12 with a map of
// what is known: 1 nullness, 2 prefix, 3 and 4 bounds of a number, 5 and 6 of a length.
namespace tkn::msgpack {

inline constexpr std::uint8_t kUnknownExtension = 0;
inline constexpr std::uint8_t kRefinedExtension = 12;
inline constexpr std::size_t kMaxRefinement = 1024;
inline constexpr std::size_t kMaxPrefix = 256;
inline constexpr int kMaxDepth = 1000;

enum RefinementKey : std::uint8_t {
  kNullness = 1,
  kPrefix,
  kMinimum,
  kMaximum,
  kMinLength,
  kMaxLength
};

}  // namespace tkn::msgpack
