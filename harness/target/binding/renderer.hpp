// A request template, compiled: what is known about one request goes in, its text comes out, appended to strings that are used
// again. No allocation a request once these are warm.
#pragma once

#include "scenarios/language/binding.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dueprocess::binding {

/// What the placeholders of one request stand for. Views live until render() returns.
struct Facts {
  std::string_view order, user, user_id, seller, seller_id, description, message, file_name, content;
  std::string_view run, key, password, token, basic, cursor, url;
  Instant due_at{}, at{}, to{};
  std::int64_t price_cents = 0, bytes = 0, number = 0, limit = 0;
  Duration extend_by{}, wait{};
  bool confirm_no_file = false, use_draft = false, modified = false;
  std::span<const std::string> attachments;
  std::string_view unknown_attachment;  // stands for those named beyond `attachments`
  unsigned named_attachments = 0;       // how many are named
  unsigned links = 0;                   // numbered from first_link
  std::uint64_t first_link = 0;
};

struct Rendered {
  std::string target;
  std::string fields;  // header lines, each with its \r\n
  std::string body;    // before the file's bytes
  std::string tail;    // after them
  bool file = false;   // the file's bytes belong between body and tail
  void clear();
};

/// Where a value goes decides how it is escaped.
enum class Place : std::uint8_t { url, header, json_text, json_value, form, raw };

class Writer;

/// A template for one place.
class CompiledText {
 public:
  CompiledText() = default;
  CompiledText(const Template&, Place);
  void append(std::string& out, const Facts&, const CompiledText* link) const;
  bool empty() const { return pieces_.empty(); }

 private:
  Template pieces_;
  Place place_ = Place::raw;
};

class Renderer {
 public:
  Renderer() = default;
  /// `link`: what the address of a link is. `always`: headers of every request, before its own.
  Renderer(const RequestTemplate&, const Template& link, const std::vector<HeaderTemplate>& always);

  const std::string& method() const { return method_; }
  /// Replaces what `out` held.
  void render(const Facts&, Rendered& out) const;

 private:
  /// One step of a JSON body: text as it stands, then what `what` says.
  struct Step {
    enum class What : std::uint8_t { nothing, comma, text, value, each_attachment, each_link, skip_if_nothing };
    std::string before;
    What what = What::nothing;
    CompiledText text;
    Piece piece;             // value, skip_if_nothing: one placeholder
    std::vector<Step> body;  // each_...
    std::size_t skip = 0;    // skip_if_nothing: steps to leave out
  };
  static void compile(const JsonTemplate&, std::vector<Step>&);
  void run(std::span<const Step>, const Facts&, std::string& out) const;

  std::string method_;
  CompiledText target_, text_, link_;
  std::vector<std::pair<std::string, CompiledText>> headers_, form_;
  std::vector<Step> json_;
  BodyKind body_ = BodyKind::none;
  std::string content_type_, part_head_;
  CompiledText file_name_;
};

/// Header lines on their own.
class CompiledHeaders {
 public:
  CompiledHeaders() = default;
  explicit CompiledHeaders(const std::vector<HeaderTemplate>&);
  void append(std::string& out, const Facts&) const;
  bool empty() const { return headers_.empty(); }

 private:
  std::vector<std::pair<std::string, CompiledText>> headers_;
};

}  // namespace dueprocess::binding
