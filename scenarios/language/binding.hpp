// A binding: how a live service is spoken to, and how it is understood. One plain struct; the YAML file is its text form
// (docs/bindings.md). The default one is scenarios/library/bindings/dueprocess.yaml.
//
//   operation ──templates──▶ request          answer ──status, code──▶ outcome          feed item ──pointers──▶ evidence
//                                             body   ──pointers─────▶ state, deadline, ...
//
// Everything here was checked when it was read: a template names only what its place knows, in formats that fit.
#pragma once

#include "scenarios/language/template.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/policy.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dueprocess {

// ---------------------------------------------------------------------------------------------- requests

struct HeaderTemplate {
  std::string name;
  Template value;
};

/// A JSON body as it was written, with templates in its leaves: whatever they give, it is JSON.
struct JsonTemplate {
  enum class Kind : std::uint8_t {
    object,
    list,
    value,            // `text`: one placeholder alone is a number, flag or list where it is one; all else is a string
    literal,          // `verbatim`: a number, true, false or null as it stands
    each_attachment,  // `items[0]` once for each attachment that the operation names
    each_link,        // ... for each link
  };
  Kind kind = Kind::object;
  std::vector<std::string> names;   // object: names[i] is the name of items[i]
  std::vector<JsonTemplate> items;  // object, list, each_...
  Template text;
  std::string verbatim;
};

enum class BodyKind : std::uint8_t { none, json, form, text, file, multipart };

struct RequestTemplate {
  std::string method = "GET";
  Template target;  // path and query; placeholders are URL-escaped
  std::vector<HeaderTemplate> headers;
  BodyKind body = BodyKind::none;
  JsonTemplate json;
  std::vector<HeaderTemplate> form;  // names and values, URL-escaped
  Template text;                     // as it stands; {x|json} and {x|url} escape
  std::string content_type;          // what the body is; empty: what its kind says
  std::string multipart_field;       // multipart: the form field that holds the file
};

// ---------------------------------------------------------------------------------------------- answers

/// Words of the service for words of ours: `words` of one field, by our value.
struct Naming {
  std::vector<std::pair<std::string, std::uint8_t>> words;  // theirs, ours
};

/// Where something is told: a JSON pointer into the body, or a header.
struct FieldSource {
  bool given = false;
  std::string pointer;  // RFC 6901; "" is the whole body
  std::string header;   // not empty: there instead
  std::string after;    // only what follows this text counts ("/orders/" of a Location)
  Spelling as = Spelling::plain;
  bool counts = false;  // how many elements the list there has
  Naming naming;
};

struct Meaning {
  Outcome outcome = Outcome::info;
  Refusal refusal = Refusal::none;
  friend bool operator==(const Meaning&, const Meaning&) = default;
};

/// What an answer means. The error code decides before the status; where neither is listed, 2xx is ok and all else has no
/// verdict.
struct AnswerRules {
  FieldSource code;
  std::vector<std::pair<std::string, Meaning>> codes;
  std::vector<std::pair<std::uint16_t, Meaning>> statuses;
  FieldSource id, state, version, deadline, completed_at, completed_by, late, stamp, listed, attachment;
  bool refusals_tell = true;  // a refusal shows a party the order as it is
};

struct OperationBinding {
  bool supported = false;
  RequestTemplate request;
  AnswerRules answers;
  bool has_declared = false;  // upload: `declared` tells the size and sends no bytes (--uploads declared)
  RequestTemplate declared;
};

// ---------------------------------------------------------------------------------------------- who asks

struct UserNames {
  std::string before = "u", after;  // around the number
  Template password;
};

struct ObserverAccount {
  bool given = false;
  std::string user, password;
};

struct LoginBinding {
  bool given = false;      // none: every request stands for itself (`send` may still carry user and password)
  bool registers = false;  // a user is registered before his first login
  RequestTemplate registration;
  std::vector<std::uint16_t> registered_already;  // statuses besides 2xx that are as good
  bool requests = false;                          // there is a login request
  RequestTemplate request;
  FieldSource token;                 // of the body or a header
  std::string token_cookie;          // not empty: the value of this cookie instead
  FieldSource id;                    // the user's id, where it is not his name
  std::vector<HeaderTemplate> send;  // how a request says who asks
};

// ---------------------------------------------------------------------------------------------- clock

struct ClockBinding {
  bool reads = false;  // a request that tells the service's time, in whatever mode
  RequestTemplate read;
  FieldSource read_stamp;
  bool barrier = false;  // a test clock that can be advanced
  bool sets = false;
  RequestTemplate set;
  RequestTemplate advance;
  FieldSource now, next_deadline;
  std::vector<HeaderTemplate> stamp;  // how a request carries its instant (stamped); empty: it cannot
};

// ---------------------------------------------------------------------------------------------- evidence

enum class Watching : std::uint8_t {
  polling,   // no evidence but what answers to reads tell
  feed,      // pages with a cursor
  stream,    // server-sent events
  webhooks,  // the service calls the harness
};

struct ItemRules {
  std::string list;  // pointer to the list of items; stream, webhooks: "" and no list is one item
  FieldSource kind, order, at, from, state, version, deadline, to, amount, notice, completed_by, cursor;
  std::vector<std::string> ignored;  // kinds that are no evidence
};

struct ObserveBinding {
  Watching by = Watching::polling;
  bool events = false, notices = false, payments = false;
  RequestTemplate request;  // feed, stream
  FieldSource next;         // feed: the cursor after the page, in the answer; else the last item's
  std::string cursor_start;
  std::uint32_t limit = 1000;                       // feed: items a page at most
  Duration wait{std::chrono::seconds{20}};          // feed in wall time: how long the service may hold a page back
  Duration settle{std::chrono::milliseconds{500}};  // stream, webhooks: so long without anything new is "all was shown"
  std::string webhook_listen = "127.0.0.1:0", webhook_path = "/";
  bool subscribes = false;
  RequestTemplate subscription;  // webhooks: tells the service {url}
  std::string signature_header;  // webhooks: hex HMAC-SHA256 of the body with `secret`; empty: none is looked at
  std::string signature_prefix, secret;
  ItemRules items;
};

// ---------------------------------------------------------------------------------------------- all of it

/// What the service is known to do less strictly than the rules: declared, not measured. The judge is told.
struct Tolerances {
  AfterDeadline after_deadline = AfterDeadline::strict;
  Duration granularity{1};  // what is sent and told is cut to multiples of it; more than 1us rules out virtual clocks
  Duration lateness{0};     // how late a timer may complete an order
  Duration staleness{0};    // how old what a read tells may be
  Duration payment_within{0}, notice_within{0};  // after what they belong to
  friend bool operator==(const Tolerances&, const Tolerances&) = default;
};

struct Binding {
  std::string name, description;
  std::string file;                     // where it was read from, for messages
  std::vector<HeaderTemplate> headers;  // of every request
  UserNames users;
  ObserverAccount observer;  // who reads the feed and moves the clock; not given: they are asked for by nobody
  LoginBinding login;
  std::vector<HeaderTemplate> key;  // how a request carries its idempotency key; empty: there are none
  std::array<OperationBinding, operation_kind_count> operations;
  std::array<std::string, 4> contents{"final", "work_sample", "draft", "incomplete"};  // by Content
  Template link;                                                                       // the address of link {number}
  std::string unknown_order = "0";       // an id that no order has, for operations on orders that were never placed
  std::string unknown_attachment = "0";  // an id that no file has, for deliveries that name more than was uploaded
  ClockBinding clock;
  ObserveBinding observe;
  Tolerances tolerances;

  const OperationBinding& of(OperationKind kind) const { return operations[static_cast<std::size_t>(kind)]; }
};

}  // namespace dueprocess
