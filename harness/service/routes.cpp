#include "harness/service/routes.hpp"

#include <array>
#include <charconv>

namespace dueprocess::service {
namespace {

using enum MemberType;

constexpr BodyMember login_body[] = {
    {Member::user, "user", text, true, "letters, digits and . _ - @ +, at most 64"},
    {Member::password, "password", text, true, "the first login of a user sets it"},
};
constexpr BodyMember place_body[] = {
    {Member::seller, "seller", text, true, "the seller's user name; he need not have logged in yet"},
    {Member::due_at, "due_at", instant, true, "after now"},
    {Member::price_cents, "price_cents", integer, true, "more than 0"},
};
constexpr BodyMember draft_body[] = {
    {Member::description, "description", text, false, "may be blank in a draft"},
    {Member::attachments, "attachments", texts, false, "ids of the order's uploads since its last delivery"},
    {Member::links, "links", texts, false, "http or https"},
};
constexpr BodyMember delivery_body[] = {
    {Member::description, "description", text, false, "blank: refused with description_required"},
    {Member::attachments, "attachments", texts, false, "ids of the order's uploads since its last delivery"},
    {Member::links, "links", texts, false, "http or https; a link counts as a file"},
    {Member::confirm_no_file, "confirm_no_file", flag, false, "it is meant to be without file and link"},
    {Member::content, "content", MemberType::content, false, "anything but final is refused with not_final_work"},
    {Member::use_draft, "use_draft", flag, false,
     "deliver what the draft holds; description, attachments and links are not looked at"},
    {Member::modified, "modified", flag, false,
     "true: the modified work of an order in revision; false: the first delivery; absent: whichever fits the order's state"},
};
constexpr BodyMember message_body[] = {{Member::message, "message", text, false, "may be blank"}};
constexpr BodyMember extension_body[] = {
    {Member::seconds, "seconds", number, true, "added to the deadline; up to six decimals"},
};
constexpr BodyMember set_body[] = {{Member::instant, "now", instant, true, "backwards only before the first order"}};
constexpr BodyMember advance_body[] = {{Member::instant, "to", instant, true, "not before the clock's now"}};

constexpr QueryParameter list_query[] = {
    {"role", text, false, "buyer or seller; absent: both"},
    {"status", text, false, "a state; absent: any"},
    {"limit", integer, false, "1 to 100, usually 50"},
    {"cursor", text, false, "next_cursor of the page before"},
};
constexpr QueryParameter upload_query[] = {
    {"name", text, true, "the file's name"},
    {"declared_size", integer, false, "only with --declared-uploads: the size to take instead of the body's, which is empty"},
};
constexpr QueryParameter page_query[] = {
    {"after", integer, false, "only what has a greater cursor"},
    {"limit", integer, false, "1 to 1000, usually 100"},
};
constexpr QueryParameter payments_query[] = {
    {"order", text, false, "of one order; absent: all that the user was paid"},
    {"after", integer, false, "only what has a greater cursor"},
    {"limit", integer, false, "1 to 1000, usually 100"},
};
constexpr QueryParameter events_query[] = {
    {"after", integer, false, "only what has a greater cursor; 0 or absent: from the beginning"},
    {"wait", number, false, "seconds to wait for something new, at most 60"},
    {"limit", integer, false, "1 to 1000, usually 100"},
};

constexpr Route routes[] = {
    {Action::login,
     "POST",
     "/v1/login",
     "login",
     "Log in; the first login of a user registers him",
     Rights::nobody,
     login_body,
     {},
     200,
     "Login",
     false},
    {Action::place_order,
     "POST",
     "/v1/orders",
     "placeOrder",
     "Place an order, as its buyer",
     Rights::user,
     place_body,
     {},
     201,
     "OrderAnswer",
     true},
    {Action::list_orders,
     "GET",
     "/v1/orders",
     "listOrders",
     "The user's orders, by rising id",
     Rights::user,
     {},
     list_query,
     200,
     "OrderList",
     false},
    {Action::view_order,
     "GET",
     "/v1/orders/{id}",
     "viewOrder",
     "An order, to its parties",
     Rights::user,
     {},
     {},
     200,
     "OrderAnswer",
     false},
    {Action::save_draft,
     "PUT",
     "/v1/orders/{id}/draft",
     "saveDraft",
     "Save the draft of a delivery; the latest wins",
     Rights::user,
     draft_body,
     {},
     200,
     "OrderAnswer",
     true},
    {Action::open_draft,
     "GET",
     "/v1/orders/{id}/draft",
     "openDraft",
     "The draft, to the seller",
     Rights::user,
     {},
     {},
     200,
     "DraftAnswer",
     false},
    {Action::upload,
     "POST",
     "/v1/orders/{id}/attachments",
     "upload",
     "Upload a file: the body is its bytes",
     Rights::user,
     {},
     upload_query,
     201,
     "UploadAnswer",
     true},
    {Action::deliver,
     "POST",
     "/v1/orders/{id}/deliveries",
     "deliver",
     "Deliver the work, or the modified work",
     Rights::user,
     delivery_body,
     {},
     200,
     "OrderAnswer",
     true},
    {Action::accept,
     "POST",
     "/v1/orders/{id}/acceptance",
     "accept",
     "Accept the delivery",
     Rights::user,
     {},
     {},
     200,
     "OrderAnswer",
     true},
    {Action::request_modification,
     "POST",
     "/v1/orders/{id}/modification-requests",
     "requestModification",
     "Ask for a modification",
     Rights::user,
     message_body,
     {},
     200,
     "OrderAnswer",
     true},
    {Action::extend_review,
     "POST",
     "/v1/orders/{id}/extensions",
     "extendReview",
     "Add time to the review",
     Rights::user,
     extension_body,
     {},
     200,
     "OrderAnswer",
     true},
    {Action::contact_support,
     "POST",
     "/v1/orders/{id}/support-tickets",
     "contactSupport",
     "Open a support ticket",
     Rights::user,
     message_body,
     {},
     200,
     "OrderAnswer",
     true},
    {Action::history,
     "GET",
     "/v1/orders/{id}/history",
     "history",
     "The order's history",
     Rights::user,
     {},
     page_query,
     200,
     "PieceList",
     false},
    {Action::payments,
     "GET",
     "/v1/payments",
     "payments",
     "Payments: of an order, or all the user received",
     Rights::user,
     {},
     payments_query,
     200,
     "PaymentList",
     false},
    {Action::events,
     "GET",
     "/v1/events",
     "events",
     "The feed: history events, notifications, payments. The operator sees all, users their own. With Accept: text/event-stream "
     "it comes as server-sent events",
     Rights::user,
     {},
     events_query,
     200,
     "PieceList",
     false},
    {Action::read_clock,
     "GET",
     "/v1/test-clock",
     "readClock",
     "The test clock",
     Rights::operator_only,
     {},
     {},
     200,
     "ClockAnswer",
     false},
    {Action::set_clock,
     "PUT",
     "/v1/test-clock",
     "setClock",
     "Set the test clock",
     Rights::operator_only,
     set_body,
     {},
     200,
     "ClockAnswer",
     false},
    {Action::advance_clock,
     "POST",
     "/v1/test-clock/advance",
     "advanceClock",
     "Advance the test clock: answered when every timer due by then has fired and can be seen",
     Rights::operator_only,
     advance_body,
     {},
     200,
     "ClockAnswer",
     false},
    {Action::health, "GET", "/healthz", "health", "Whether the service is there", Rights::nobody, {}, {}, 200, "Health", false},
    {Action::metrics,
     "GET",
     "/metrics",
     "metrics",
     "Counters, in the OpenMetrics format",
     Rights::nobody,
     {},
     {},
     200,
     "",
     false},
    {Action::openapi, "GET", "/openapi.json", "openapi", "This description", Rights::nobody, {}, {}, 200, "Any", false},
};
static_assert(std::size(routes) == action_count);

std::string_view segment(std::string_view& path) {
  path.remove_prefix(1);  // the slash
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view first = path.substr(0, end);
  path.remove_prefix(end);
  return first;
}

/// Orders are told as "o7".
OrderId order_of(std::string_view text) {
  std::uint64_t number = 0;
  if (text.size() < 2 || text[0] != 'o' || text[1] == '0') return OrderId::none;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? OrderId{number} : OrderId::none;
}

bool fits(std::string_view pattern, std::string_view path, std::string_view& id) {
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = segment(pattern), given = segment(path);
    if (wanted == "{id}")
      id = given;
    else if (wanted != given)
      return false;
  }
  return pattern.empty() && path.empty();
}

/// In the table's order, which is that of the enumerators.
constexpr std::string_view allowed(std::string_view methods, std::string_view method) {
  if (methods.empty()) return method == "GET" ? "GET, HEAD" : method;
  if (methods == "POST") return "GET, HEAD, POST";
  if (methods == "PUT" || methods == "GET, HEAD") return method == "POST" ? "GET, HEAD, POST" : "GET, HEAD, PUT";
  return methods;
}

}  // namespace

std::span<const Route> all_routes() { return routes; }

Match match(std::string_view method, std::string_view path) {
  Match match;
  if (path.empty() || path[0] != '/') return match;
  const std::string_view looked_for = method == "HEAD" ? "GET" : method;
  for (const Route& route : routes) {
    std::string_view id;
    if (!fits(route.path, path, id)) continue;
    if (route.method == looked_for) {
      match.route = &route;
      if (!id.empty()) match.order = order_of(id);
      return match;
    }
    match.allow = allowed(match.allow, route.method);
  }
  return match;
}

OrderId order_named(std::string_view text) { return order_of(text); }

}  // namespace dueprocess::service
