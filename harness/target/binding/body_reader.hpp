// Picks what is wanted out of a JSON body in one pass: the wanted pointers are compiled into a tree of names, and what the tree
// does not name is only checked, not kept.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dueprocess::binding {

struct Found {
  enum class Kind : std::uint8_t { absent, null, text, number, flag, object, list };
  Kind kind = Kind::absent;
  bool flag = false;
  std::uint32_t elements = 0;  // list
  std::string_view text;       // text, number: as it was written; flag: "true" or "false". Lives until the next read()
  bool is_value() const { return kind == Kind::text || kind == Kind::number || kind == Kind::flag; }
};

class BodyReader {
 public:
  /// `wanted`: JSON pointers. With `items`, those are pointers into each element of the list at `list`, which may also be the
  /// whole body, or one object instead of a list.
  explicit BodyReader(std::vector<std::string> wanted, bool has_items = false, std::string list = {},
                      std::vector<std::string> items = {});
  ~BodyReader();
  BodyReader(BodyReader&&) noexcept;
  BodyReader& operator=(BodyReader&&) noexcept;

  /// False: the body is not JSON (or nested deeper than 64 levels); nothing was found then. `item` is called at the end of each
  /// element, which item() shows then.
  bool read(std::string_view body, const std::function<void()>& item = {});
  Found found(std::size_t wanted) const;
  Found item(std::size_t wanted) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::binding
