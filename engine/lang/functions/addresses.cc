#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/lang/functions/entry.h"

namespace tkn::lang {
namespace {

__extension__ using Bits = unsigned __int128;

// An address range of 32 or 128 bits.
struct Prefix {
  int width = 32;
  int length = 0;
  Bits address = 0;

  int host_bits() const { return width - length; }
  Bits host_mask() const { return host_bits() == 128 ? ~Bits{0} : (Bits{1} << host_bits()) - 1; }
};

std::optional<Bits> ParseIpv4(std::string_view text) {
  Bits address = 0;
  for (int part = 0; part < 4; ++part) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number > 255 || end - text.data() > 3) return std::nullopt;
    address = address << 8 | number;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (part == 3) break;
    if (!text.starts_with('.')) return std::nullopt;
    text.remove_prefix(1);
  }
  return text.empty() ? std::optional(address) : std::nullopt;
}

std::optional<Prefix> ParsePrefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view host = text.substr(0, slash);
  const std::string_view length = text.substr(slash + 1);
  Prefix prefix;
  if (const auto ipv4 = ParseIpv4(host)) {
    prefix.address = *ipv4;
  } else {
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET6, std::string(host).c_str(), bytes.data()) != 1) return std::nullopt;
    prefix.width = 128;
    for (const unsigned char byte : bytes) prefix.address = prefix.address << 8 | byte;
  }
  const auto [end, error] =
      std::from_chars(length.data(), length.data() + length.size(), prefix.length);
  if (error != std::errc() || end != length.data() + length.size() || prefix.length < 0 ||
      prefix.length > prefix.width) {
    return std::nullopt;
  }
  prefix.address &= ~prefix.host_mask();
  return prefix;
}

std::string AddressText(Bits address, int width) {
  char text[INET6_ADDRSTRLEN] = "";
  std::array<unsigned char, 16> bytes{};
  const int count = width / 8;
  for (int i = count - 1; i >= 0; --i, address >>= 8)
    bytes[static_cast<std::size_t>(i)] = static_cast<unsigned char>(address & 0xff);
  inet_ntop(width == 32 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

FunctionError BadPrefix(std::string_view text, const CallContext& context) {
  return CallError("invalid CIDR expression: " + Shown(text, context) +
                   " is not of the form 10.0.0.0/8 or fd00::/16");
}

// A whole number within an address; nullopt when it is not whole or too large for any address.
std::optional<std::pair<bool, Bits>> ToBits(const Number& number) {
  if (!number.IsInteger()) return std::nullopt;
  const bool negative = number.Sign() < 0;
  const std::string hex = (negative ? -number : number).ToBase(16);
  if (hex.size() > 32) return std::nullopt;
  Bits bits = 0;
  for (const char c : hex)
    bits = bits << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  return std::pair(negative, bits);
}

FunctionResult CidrHost(Arguments a, Type, const CallContext& context) {
  const auto prefix = ParsePrefix(a[0].AsString());
  if (!prefix) return BadPrefix(a[0].AsString(), context);
  const auto host = ToBits(a[1].AsNumber());
  if (!host && !a[1].AsNumber().IsInteger()) return CallError("the host's number must be whole");
  const auto [negative, number] = host.value_or(std::pair(false, ~Bits{0}));
  const bool fits =
      host && (negative ? number - 1 <= prefix->host_mask() : number <= prefix->host_mask());
  if (!fits) {
    return CallError(fmt::format("prefix of {} does not accommodate a host numbered {}",
                                 prefix->length, a[1].AsNumber().ToString()));
  }
  Bits offset = negative ? prefix->host_mask() - (number - 1) : number;
  // As Terraform has it: an IPv4 address within IPv6 counts as one of 32 bits, from the left.
  if (prefix->width == 128 && prefix->address >> 32 == 0xffff) offset <<= 96;
  return Value::String(AddressText(prefix->address | offset, prefix->width));
}

FunctionResult CidrNetmask(Arguments a, Type, const CallContext& context) {
  const auto prefix = ParsePrefix(a[0].AsString());
  if (!prefix) return BadPrefix(a[0].AsString(), context);
  if (prefix->width != 32)
    return CallError("IPv6 addresses cannot have a netmask: " + Shown(a[0].AsString(), context));
  return Value::String(AddressText(~prefix->host_mask() & 0xffffffffu, 32));
}

// `number` put in behind the prefix. Go's big integers are what Terraform does this with: negative
// numbers are an endless row of ones to the left, and a prefix may also become shorter.
std::optional<Bits> WithSubnet(const Prefix& prefix, int shift, bool negative, Bits number) {
  if (number == 0) return prefix.address;
  if (shift >= 128 || (number << shift) >> shift != number) return std::nullopt;
  number <<= shift;
  const Bits address = negative ? ((number - 1) & ~prefix.address) + 1 : prefix.address | number;
  if (prefix.width == 32 && address > 0xffffffffu) return std::nullopt;
  return address;
}

FunctionResult CidrSubnet(Arguments a, Type, const CallContext& context) {
  const auto prefix = ParsePrefix(a[0].AsString());
  if (!prefix) return BadPrefix(a[0].AsString(), context);
  const auto new_bits = a[1].AsNumber().ToInt64();
  if (!new_bits) return CallError("newbits: " + std::string(kNotWhole));
  if (!a[2].AsNumber().IsInteger()) return CallError("the subnet's number must be whole");
  if (*new_bits > prefix->width - prefix->length) {
    return CallError(fmt::format("insufficient address space to extend prefix of {} by {}",
                                 prefix->length, *new_bits));
  }
  const auto net = ToBits(a[2].AsNumber());
  const bool is_bounded = *new_bits >= 0 && *new_bits < 64;
  const std::uint64_t most = is_bounded ? (std::uint64_t{1} << *new_bits) - 1 : ~std::uint64_t{0};
  const auto length = prefix->length + *new_bits;
  std::optional<Bits> address;
  if (net && static_cast<std::uint64_t>(net->second) <= most) {
    const auto shift = std::min<std::int64_t>(prefix->width - length, 128);
    address = WithSubnet(*prefix, static_cast<int>(shift), net->first, net->second);
  }
  if (!address) {
    return CallError(fmt::format("prefix extension of {} does not accommodate a subnet numbered {}",
                                 *new_bits, a[2].AsNumber().ToString()));
  }
  if (length < 0) return Value::String("<nil>");
  return Value::String(AddressText(*address, prefix->width) + "/" + std::to_string(length));
}

FunctionResult CidrSubnets(Arguments a, Type, const CallContext& context) {
  const auto prefix = ParsePrefix(a[0].AsString());
  if (!prefix) return ArgumentError(0, BadPrefix(a[0].AsString(), context).message);
  std::vector<Value> subnets;
  Bits next = 0;         // offset of the first address that is free
  bool is_full = false;  // `next` went past the end
  for (std::size_t i = 1; i < a.size(); ++i) {
    const int index = static_cast<int>(i);
    const auto bits = a[i].AsNumber().ToInt64();
    if (!bits) return ArgumentError(i, std::string(kNotWhole));
    if (*bits < 1) return FunctionError{index, "must extend prefix by at least one bit"};
    if (*bits > 32) return FunctionError{index, "may not extend prefix by more than 32 bits"};
    const int length = prefix->length + static_cast<int>(*bits);
    if (length > prefix->width) {
      return FunctionError{
          index,
          fmt::format("would extend prefix to {} bits, which is too long for an IPv{} address",
                      length, prefix->width == 32 ? 4 : 6)};
    }
    const Bits size = prefix->width == length ? 1 : Bits{1} << (prefix->width - length);
    const Bits begin = (next + size - 1) / size * size;
    if (is_full || begin > prefix->host_mask()) {
      return FunctionError{
          index,
          fmt::format(
              "not enough remaining address space for a subnet with a prefix of {} bits after {}",
              length, subnets.empty() ? "the start" : std::string(subnets.back().AsString()))};
    }
    subnets.push_back(Value::String(AddressText(prefix->address | begin, prefix->width) + "/" +
                                    std::to_string(length)));
    next = begin + size;
    is_full = next > prefix->host_mask();
  }
  return Value::List(Type::String(), std::move(subnets));
}

}  // namespace

void AddAddressFunctions(FunctionTable& table) {
  const Parameter prefix =
      TextParameter("prefix", "An address range such as 10.0.0.0/8 or fd00::/16.");
  table.Add(
      {.name = "cidrhost",
       .description =
           "The address of a host in a range, by its number; negative ones count from the end.",
       .parameters = {prefix, NumberParameter("hostnum", "The number.")},
       .result = Type::String(),
       .body = CidrHost});
  table.Add({.name = "cidrnetmask",
             .description = "The netmask of an IPv4 range.",
             .parameters = {prefix},
             .result = Type::String(),
             .body = CidrNetmask});
  table.Add({.name = "cidrsubnet",
             .description = "One of the equal parts that a range is divided into.",
             .parameters = {prefix,
                            NumberParameter("newbits",
                                            "By how many bits the parts' prefixes are longer."),
                            NumberParameter("netnum", "Which part.")},
             .result = Type::String(),
             .body = CidrSubnet});
  table.Add(
      {.name = "cidrsubnets",
       .description = "Parts of a range, of different sizes, one behind the other.",
       .parameters = {prefix},
       .variadic = NumberParameter("newbits", "By how many bits each part's prefix is longer."),
       .result = Type::List(Type::String()),
       .body = CidrSubnets});
}

}  // namespace tkn::lang
