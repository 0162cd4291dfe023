// Scripted cases: as written, and compiled to the market's steps.
#pragma once

#include "scenarios/language/moments.hpp"

namespace dueprocess {

struct FileText {
  std::string name;
  std::int64_t size = 20'000'000;
};

struct StepText {
  const Node* node = nullptr;
  ScriptMoment at, completed_at, deadline;
  std::optional<OperationKind> kind;
  Party by = Party::seller;
  const Node* operation_node = nullptr;
  std::vector<FileText> files;
  const Node* files_node = nullptr;
  std::uint32_t attachments = 0, links = 0;
  bool says_given = false, says_nothing = false;
  std::string says;
  bool confirm_no_file = false, use_draft = false;
  Content content = Content::final_work;
  Duration extend_by{0}, due{0};
  std::int64_t price_cents = 0;
  const Node *extend_by_node = nullptr, *due_node = nullptr, *price_node = nullptr;
  std::size_t to = 0;  // seller, nobody, buyer
  bool same_key = false;
  std::optional<bool> taken;
  bool either = false;
  Step seen;  // the plain expectations, as the market takes them
  const Node* refused_node = nullptr;
};

struct CaseText {
  const Node* node = nullptr;
  std::string name;
  TimePoint placed;
  Duration due{std::chrono::hours{72}};
  std::int64_t price_cents = 5'000;
  std::vector<StepText> steps;
};

/// Gathers the cases; each element is read as one.
Inlet cases_inlet(std::vector<CaseText>&);

/// Texts by number; the first three are fixed.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string>& texts);
  TextId of(std::string_view);

 private:
  std::vector<std::string>& texts_;
  std::map<std::string, TextId, std::less<>> known_;
};

struct CaseContext {
  Instant starts;
  std::uint32_t sellers, buyers;  // of the market
  std::int64_t max_file_size;
};
void compile_cases(Reading&, const std::vector<CaseText>&, const CaseContext&, TextTable&, std::vector<Case>&);

}  // namespace dueprocess
