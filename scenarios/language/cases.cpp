// What a case may say.
#include "scenarios/language/cases.hpp"

#include "scenarios/language/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dueprocess {
namespace {

template <class Enum>
std::vector<std::string> names_of(unsigned first, unsigned count) {
  std::vector<std::string> names;
  for (unsigned i = first; i < count; ++i) names.emplace_back(name_of(static_cast<Enum>(i)));
  return names;
}

/// Notes that the key was there, and reads an optional.
template <class T, class Make>
Inlet optional(std::optional<T>& out, Make make) {
  return {[&out, make](Reading& reading, const Node& node) {
            T value{};
            const std::size_t errors = reading.errors();
            make(value).read(reading, node);
            if (reading.errors() == errors) out = value;
          },
          [make] {
            T value{};
            return make(value).schema();
          }};
}

Inlet actor(StepText& step, Party party) {
  const Inlet word = one_of(names_of<OperationKind>(0, operation_kind_count),
                            [&step](std::size_t i) { step.kind = static_cast<OperationKind>(i); });
  return {[&step, party, word](Reading& reading, const Node& node) {
            if (step.operation_node) return reading.error(node, "one step is one operation of one actor");
            step.operation_node = &node;
            step.by = party;
            word.read(reading, node);
          },
          word.schema};
}

Inlet file(FileText& out) {
  return scalar_or(
      text(out.name), mapping([&out] {
        return Mapping{"a file"}.required("name", text(out.name), "its name").key("size", size(out.size), "its size", "20MB");
      }));
}

Inlet files(std::vector<FileText>& out) {
  return list(
      [&out](std::size_t) {
        return Inlet{[&out](Reading& reading, const Node& node) { file(out.emplace_back()).read(reading, node); },
                     [] {
                       FileText any;
                       return file(any).schema();
                     }};
      },
      false, 1000);
}

/// A count, or addresses.
Inlet links(std::uint32_t& out) {
  const Inlet number = count(out, 0, 1000);
  return {[&out, number](Reading& reading, const Node& node) {
            if (!node.is_list()) return number.read(reading, node);
            for (const Node& item : node.items) {
              const auto address = reading.scalar(item, "an address such as https://example.com/file");
              if (address && !address->starts_with("http://") && !address->starts_with("https://"))
                reading.error(item, fmt::format("\"{}\" is not an http(s) address", *address));
            }
            out = static_cast<std::uint32_t>(std::min<std::size_t>(node.items.size(), 1000));
          },
          [number] {
            return schema_any({number.schema(), R"({"type":"array","items":{"type":"string"}})"});
          }};
}

Inlet says(StepText& step) {
  return {[&step](Reading& reading, const Node& node) {
            step.says_given = true;
            step.says_nothing = node.is_empty();
            if (!step.says_nothing) text(step.says).read(reading, node);
          },
          [] {
            return schema_any({schema_ref("text"), R"({"type":"null"})"});
          }};
}

Inlet taken(StepText& step) {
  return {[&step](Reading& reading, const Node& node) {
            if (node.is_scalar() && node.text == "either") {
              step.either = true;
              return;
            }
            bool value = false;
            const std::size_t errors = reading.errors();
            flag(value).read(reading, node);
            if (reading.errors() == errors) step.taken = value;
          },
          [] {
            return schema_any({schema_ref("flag"), schema_words({"either"})});
          }};
}

Inlet notices(Step& seen) {
  return mapping([&seen] {
    const auto number = [](std::uint64_t& value) { return count(value, 0, 1'000'000); };
    return Mapping{"notifications up to now"}
        .key("buyer", optional(seen.notices_to_buyer, number), "to the buyer")
        .key("seller", optional(seen.notices_to_seller, number), "to the seller");
  });
}

Mapping describe_step(StepText& step) {
  Step& seen = step.seen;
  const auto code = [](Refusal& value) {
    return one_of(names_of<Refusal>(1, refusal_count), [&value](std::size_t i) { value = static_cast<Refusal>(i + 1); });
  };
  const auto state = [](OrderState& value) {
    return one_of(names_of<OrderState>(0, order_state_count), [&value](std::size_t i) { value = static_cast<OrderState>(i); });
  };
  const auto completer = [](CompletedBy& value) {
    return one_of({"nobody", "buyer", "auto"}, [&value](std::size_t i) { value = static_cast<CompletedBy>(i); });
  };
  return Mapping{"what happens at one time, and what must be seen"}
      .required("at", script_moment(step.at), "when: a moment; a bare duration is counted from placing")
      .key("seller", actor(step, Party::seller), "what the seller does")
      .key("buyer", actor(step, Party::buyer), "what the buyer does")
      .key("stranger", actor(step, Party::stranger), "what someone does who is logged in and no party to the order")
      .key("anyone", actor(step, Party::anyone), "what someone does who is not logged in")
      .key("files", noting(step.files_node, files(step.files)), "uploaded first, and named by the delivery or draft")
      .key("attachments", count(step.attachments, 0, 1000), "names so many files uploaded earlier", "0")
      .key("links", links(step.links), "how many links, or their addresses", "0")
      .key("says", says(step), "description or message", "some words")
      .key("confirm_no_file", flag(step.confirm_no_file), "confirms that no file is attached", "false")
      .key("content", one_of(names_of<Content>(0, 4), [&step](std::size_t i) { step.content = static_cast<Content>(i); }),
           "what the delivery is declared as", "final")
      .key("use_draft", flag(step.use_draft), "delivers what the draft holds", "false")
      .key("extend_by", noting(step.extend_by_node, duration(step.extend_by, Sign::any)), "how much time is asked for")
      .key("due", noting(step.due_node, duration(step.due, Sign::any)), "place_order: the due date, counted from `placed`",
           "the case's")
      .key("price", noting(step.price_node, money(step.price_cents, Sign::any)), "place_order: the price", "the case's")
      .key("to", one_of({"seller", "nobody", "buyer"}, [&step](std::size_t i) { step.to = i; }), "place_order: with whom",
           "seller")
      .key("key", one_of({"same"}, [&step](std::size_t) { step.same_key = true; }),
           "repeats the idempotency key of the step before")
      .key("refused", noting(step.refused_node, optional(seen.refused, code)), "refused with this code")
      .key("taken", taken(step), "whether the operation is taken", "true without `refused`")
      .key("expect", optional(seen.state, state), "the order's state after the step")
      .key("by", optional(seen.completed_by, completer), "who completed it")
      .key("completed_at", script_moment(step.completed_at), "when it was completed")
      .key("deadline", script_moment(step.deadline), "when it will complete by itself")
      .key("late", optional(seen.late, [](bool& value) { return flag(value); }), "the due date passed without a delivery")
      .key("payments", optional(seen.payments, [](std::uint64_t& value) { return count(value, 0, 1'000'000); }),
           "payments up to now")
      .key("paid", optional(seen.paid_cents, [](std::int64_t& value) { return money(value, Sign::not_negative); }), "their sum")
      .key("notices", notices(seen), "notifications up to now")
      .instead("message", "says")
      .instead("description", "says")
      .instead("completed_by", "by")
      .instead("state", "expect")
      .instead("size", "files");
}

template <class T>
Inlet grown(std::vector<T>& out, Mapping (*describe_one)(T&), std::size_t at_most) {
  return list(
      [&out, describe_one](std::size_t) {
        return Inlet{[&out, describe_one](Reading& reading, const Node& node) {
                       T one;
                       one.node = &node;
                       describe_one(one).read(reading, node);
                       out.push_back(std::move(one));
                     },
                     [describe_one] {
                       T one;
                       return describe_one(one).schema();
                     }};
      },
      false, at_most);
}

Mapping describe_case(CaseText& one) {
  return Mapping{"one scripted order"}
      .required("name", text(one.name), "what the case shows")
      .key("placed", time_point(one.placed), "when its order is placed", "0s")
      .key("due", duration(one.due, Sign::any), "from placing to the due date", "3d")
      .key("price", money(one.price_cents, Sign::any), "its price", "50")
      .required("steps", grown(one.steps, describe_step, 10'000), "what happens, and what must be seen");
}

}  // namespace

Inlet cases_inlet(std::vector<CaseText>& cases) { return grown(cases, describe_case, 50'000); }

}  // namespace dueprocess
