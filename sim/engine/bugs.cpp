#include "sim/engine/bugs.hpp"

namespace dueprocess {
namespace {

constexpr BugInfo table[] = {
    {Bug::b01a, "B01a", "off by one day: deadline a day early", "any silent buyer"},
    {Bug::b01b, "B01b", "off by one day: deadline a day late", "any silent buyer"},
    {Bug::b02, "B02", "wrong anchor: the review counts from the delivery, not the later of due date and delivery",
     "delivery before the due date"},
    {Bug::b03, "B03", "wrong anchor: the review counts from the due date, so a late delivery completes at once or early",
     "delivery after the due date"},
    {Bug::b04, "B04", "counts from the due date, and a deadline already past is ignored: never completes",
     "delivery later than due + review period, then silence"},
    {Bug::b05, "B05", "extension counted from now, not from the deadline", "extension early in the review"},
    {Bug::b06a, "B06a", "extension taken as an absolute time: the timer fires at once", "any extension"},
    {Bug::b06b, "B06b", "extension added twice", "any extension"},
    {Bug::b07, "B07", "extension stored and told, timer not moved", "extension, then silence"},
    {Bug::b08, "B08", "idempotency key ignored for extensions: a retry extends again", "keyed extension retried"},
    {Bug::b09a, "B09a", "delay over 2^31 - 1 ms: the timer fires after 1 ms", "deadline 24.9 days or more ahead"},
    {Bug::b09b, "B09b", "delay in ms kept in 32 bits: wraps to minutes or to at once", "deadline 24.9 days or more ahead"},
    {Bug::b10, "B10", "delay over 7 days: the timer is silently dropped", "deadline more than 7 days ahead, then silence"},
    {Bug::b11a, "B11a", "milliseconds taken for microseconds: delay divided by 1000", "any silent buyer"},
    {Bug::b11b, "B11b", "seconds taken for milliseconds: delay multiplied by 1000", "any silent buyer"},
    {Bug::b12, "B12", "timer truncated to whole seconds: up to 999 ms early", "deadline that is no whole second"},
    {Bug::b16a, "B16a", "24-hour days although the policy counts calendar days", "calendar days, review across a clock change"},
    {Bug::b16b, "B16b", "the server's own calendar (New York) although the policy counts 24-hour days",
     "24-hour days, review across a clock change of New York"},
    {Bug::b17, "B17", "a deadline at a local time that does not exist is moved to the next day",
     "calendar days, deadline in the spring gap"},
    {Bug::b18, "B18", "a deadline at a local time that exists twice is taken as the second",
     "calendar days, deadline in the autumn overlap"},
    {Bug::b22, "B22", "a modification request does not cancel the timer",
     "modification, redelivery after the old deadline or never"},
    {Bug::b23, "B23", "acceptance does not cancel the timer: a second completion", "acceptance"},
    {Bug::b24, "B24", "redelivery does not arm a timer", "modification, redelivery, silence"},
    {Bug::b25, "B25", "a stale timer of an earlier review or before an extension completes the order",
     "modification and redelivery before the old deadline, or extension; then silence"},
    {Bug::b26, "B26", "the timer of a second review carries the wrong epoch and is dropped when it fires",
     "modification, redelivery, silence"},
    {Bug::b29, "B29", "saving a draft arms the timer", "draft, no delivery until due + review period"},
    {Bug::b30, "B30", "timers are lost at a restart", "restart during a review, then silence"},
    {Bug::b32, "B32", "timers overdue by more than an hour at a restart are dropped",
     "downtime from before a deadline to an hour after it"},
    {Bug::b33, "B33", "every missed firing is replayed at a restart: completed three times", "downtime over a deadline"},
    {Bug::b36, "B36", "one timer in ten thousand is never armed although the deadline is told",
     "tens of thousands of silent buyers"},
    {Bug::b57, "B57", "acceptance within 5 ms after the auto-completion wins too: two completions, two payments",
     "acceptance at deadline + 0..5 ms"},
    {Bug::b59, "B59", "meeting a cancelled timer kills the scheduler: nothing fires until a restart",
     "a cancelled timer, a silent buyer later in the same cell"},
    {Bug::b60, "B60", "acceptance of a completed order is taken again: second payment", "acceptance repeated without key"},
    {Bug::b62, "B62", "payment retried without key after a lost response (one order in eight)", "a completion (eight or more)"},
    {Bug::b65, "B65", "crash between completion and payment: orders completed in recovery are never paid",
     "downtime over a deadline"},
    {Bug::b68, "B68", "the hold on the money lapses 7 days after the first delivery: nothing is paid out",
     "completion more than 7 days after the first delivery"},
    {Bug::b69, "B69", "guard inverted: only orders that had a modification request are completed by the timer",
     "silent buyer without modification"},
    {Bug::b70a, "B70a", "no notice of an extension", "any extension"},
    {Bug::b70b, "B70b", "two notices of an extension", "any extension"},
    {Bug::b70c, "B70c", "the notice of an extension carries the old deadline", "any extension"},
    {Bug::b73, "B73", "acceptance pays before its guard is checked", "acceptance while in revision or in progress"},
    {Bug::b74, "B74", "'<' for '<=' at the deadline: the timer fires one tick late, operations at the deadline count",
     "any silent buyer, or an operation exactly at the deadline"},
    {Bug::b75, "B75", "file size in 32 bits: the limit is never enforced above 4 GiB", "upload above the limit"},
    {Bug::s01, "S01", "a stranger may view an order and is told its state", "stranger viewing an order"},
    {Bug::s02, "S02", "a stranger is answered 'forbidden': learns that the order exists", "stranger asking about an order"},
    {Bug::s03, "S03", "the seller may accept the order", "seller accepting his delivery"},
    {Bug::s04, "S04", "reads need no login", "view or list without login"},
    {Bug::s05, "S05", "idempotency keys are ignored: a keyed retry is a new operation", "any keyed retry"},
    {Bug::s06, "S06", "idempotency keys are lost at a restart", "keyed retry across a restart"},
    {Bug::s07, "S07", "saving a draft raises the version", "any draft"},
    {Bug::s08, "S08", "no notice of completion to the buyer", "any completion"},
    {Bug::s09, "S09", "the notice of delivery goes to the seller", "any delivery"},
    {Bug::s10, "S10", "a draft notifies the buyer of a delivery", "any draft"},
    {Bug::s11, "S11", "a modification request leaves no event", "any modification request"},
    {Bug::s12, "S12", "payment one cent short", "any completion"},
    {Bug::s13, "S13", "payment to the buyer", "any completion"},
    {Bug::s14, "S14", "auto-completion is told as the buyer's", "any silent buyer"},
    {Bug::s15, "S15", "a refused acceptance notifies both parties of a completion", "refused acceptance"},
    {Bug::s16, "S16", "no payment when the timer completed the order", "any silent buyer"},
    {Bug::s17, "S17", "the notice of delivery carries no deadline", "any delivery"},
    {Bug::s18, "S18", "the second before the deadline is closed to the buyer", "operation in the last second of a review"},
    {Bug::s19, "S19", "an extension of exactly the greatest length is refused", "extension of extension_max"},
    {Bug::s20, "S20", "a file of exactly the limit is refused", "upload of max_file_size"},
    {Bug::s21, "S21", "a link does not count as a file", "delivery with links only"},
    {Bug::s22, "S22", "a delivery without file needs no confirmation", "unconfirmed delivery without file or link"},
    {Bug::s23, "S23", "refusals in the wrong order: description_required before not_final_work",
     "delivery that is neither described nor final"},
    {Bug::s24, "S24", "work samples are taken as deliveries", "delivery of other than final work"},
    {Bug::s25, "S25", "limits count one too many", "one operation more than max_modifications or max_extensions"},
    {Bug::s26, "S26", "a support ticket stops the timer", "ticket during a review, then silence"},
    {Bug::s27, "S27", "extensions carry over to the next review although the policy says no",
     "extension, modification, redelivery, silence"},
    {Bug::s28, "S28", "the deadline told is a second off from the one in force", "any delivery"},
    {Bug::s29, "S29", "a refused delivery loses the draft", "draft, refused delivery, delivery of the draft"},
    {Bug::s30, "S30", "late is told at the due date itself", "any answer exactly at the due date before the first delivery"},
};
static_assert(std::size(table) <= bug_count_max);

constexpr bool table_is_in_order() {
  for (std::size_t i = 0; i < std::size(table); ++i)
    if (static_cast<std::size_t>(table[i].bug) != i) return false;
  return true;
}
static_assert(table_is_in_order());

}  // namespace

std::span<const BugInfo> all_bugs() { return table; }

std::optional<Bug> bug_named(std::string_view id) {
  for (const BugInfo& info : table)
    if (info.id == id) return info.bug;
  return std::nullopt;
}

}  // namespace dueprocess
