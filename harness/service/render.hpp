// Answers as JSON. Refusals are problem details (RFC 9457) whose `code` is R17's name.
#pragma once

#include <string>
#include <string_view>

#include "harness/service/desk.hpp"

namespace dueprocess::service {

/// Of a refusal or a trouble.
struct Refused {
  unsigned status;
  std::string_view code, title;
};
Refused refused_as(const Told&);
std::string_view reason_of(unsigned status);

void append_problem(std::string& to, const Told&);
/// {"now","order"} and, for an upload, "attachment", for a draft, "draft".
void append_operation(std::string& to, const Told&, bool with_draft);
void append_list(std::string& to, const ListTold&);
/// {"now", NAME: [...], "next"}.
void append_pieces(std::string& to, const PiecesTold&, std::string_view name);
void append_piece(std::string& to, const PieceView&);
void append_clock(std::string& to, const ClockTold&, bool advanced);

}  // namespace dueprocess::service
