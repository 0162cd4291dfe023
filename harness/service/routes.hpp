// The routes, in one table: what dispatches requests, what reads their bodies, and what /openapi.json is made of.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/workflow/ids.hpp"

namespace dueprocess::service {

enum class Action : std::uint8_t {
  login,
  place_order,
  list_orders,
  view_order,
  save_draft,
  open_draft,
  upload,
  deliver,
  accept,
  request_modification,
  extend_review,
  contact_support,
  history,
  payments,
  events,
  read_clock,
  set_clock,
  advance_clock,
  health,
  metrics,
  openapi,
};
inline constexpr unsigned action_count = 21;

enum class Member : std::uint8_t {
  user,
  password,
  seller,
  due_at,
  price_cents,
  description,
  attachments,
  links,
  confirm_no_file,
  content,
  use_draft,
  modified,
  message,
  seconds,
  instant,
};
enum class MemberType : std::uint8_t { text, texts, flag, integer, number, instant, content };

/// A member of a JSON body.
struct BodyMember {
  Member member;
  std::string_view name;
  MemberType type;
  bool required;
  std::string_view what;
};

/// A parameter of the query.
struct QueryParameter {
  std::string_view name;
  MemberType type;
  bool required;
  std::string_view what;
};

enum class Rights : std::uint8_t { nobody, user, operator_only };

struct Route {
  Action action;
  std::string_view method;
  std::string_view path;  // {id} stands for an order's id
  std::string_view id;    // operationId
  std::string_view summary;
  Rights rights;
  std::span<const BodyMember> body;
  std::span<const QueryParameter> query;
  unsigned status;          // when it went well
  std::string_view answer;  // its schema in openapi.cpp; empty: plain text
  bool changes;             // takes Idempotency-Key
};

std::span<const Route> all_routes();

struct Match {
  const Route* route = nullptr;
  OrderId order = OrderId::none;  // what stands for {id}: "o7"; none: there is no such thing, or it is no order's id
  std::string_view allow;         // route is null: the methods that the path has; empty: there is no such path
};
/// "o7" is order 7; none: it is no order's id.
OrderId order_named(std::string_view);
/// `path` without query. HEAD is GET's.
Match match(std::string_view method, std::string_view path);

}  // namespace dueprocess::service
