#include "reports/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

#include "reports/format.hpp"

namespace dueprocess {
namespace {

constexpr auto redraw_every = std::chrono::milliseconds{200};

void draw(int descriptor, std::string_view text) {
  // A terminal that went away must not end the run.
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

constexpr std::string_view erase = "\r\x1b[K";

std::string first_columns(const std::string& text, std::size_t width) {
  std::size_t taken = 0, end = 0;
  while (end < text.size()) {
    std::size_t next = end + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    if (taken == width) break;
    ++taken;
    end = next;
  }
  return text.substr(0, end);
}

}  // namespace

std::string progress_text(const ProgressSample& sample, double events_per_s, const TextStyle& style) {
  if (sample.orders_total == 0) return sample.stopping ? "stopping" : "preparing";
  constexpr std::size_t bar_width = 16;
  const std::uint64_t total = sample.orders_total;
  // What must not be cut off on a narrow terminal comes first.
  const std::string found = sample.violations == 0 ? "" : counted(sample.violations, "violation") + "  ";
  std::string text = fmt::format("{} {:>3}%", padded(bar_of(sample.orders_done, total, bar_width), bar_width),
                                 std::min(sample.orders_done, total) * 100 / total);
  if (sample.virtual_now != never) text += "  " + rfc3339(sample.virtual_now).substr(0, 10);
  text += fmt::format("  {} of {} orders", thousands(sample.orders_done), thousands(sample.orders_total));
  text += fmt::format("  {} events/s", thousands(static_cast<std::uint64_t>(std::clamp(events_per_s, 0.0, 1e15))));
  if (sample.stopping) {
    text += "  stopping";
  } else if (sample.orders_done > 0 && sample.orders_done < sample.orders_total) {
    const double to_do = static_cast<double>(sample.orders_total - sample.orders_done) / static_cast<double>(sample.orders_done);
    const double seconds = std::min(static_cast<double>(sample.elapsed.count()) / 1e6 * to_do, 1e9);
    text += "  ETA " + human_duration(std::chrono::seconds{static_cast<std::int64_t>(seconds) + 1});
  }
  const std::size_t room = style.width > columns_of(found) + 1 ? style.width - columns_of(found) - 1 : 0;
  return inked(found, Ink::bad, style) + first_columns(text, room);
}

struct ProgressLine::Impl {
  int descriptor;
  TextStyle style;
  std::function<ProgressSample()> read;
  std::jthread drawer;

  void run(const std::stop_token& stop) {
    Duration last_at{0};
    std::uint64_t last_events = 0;
    double rate = 0;
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock{mutex};
    while (!wake.wait_for(lock, stop, redraw_every, [&] { return stop.stop_requested(); })) {
      const ProgressSample sample = read();
      const auto passed = static_cast<double>((sample.elapsed - last_at).count()) / 1e6;
      const double lately = passed > 0 ? static_cast<double>(sample.events - last_events) / passed : rate;
      rate = rate == 0 ? lately : 0.8 * rate + 0.2 * lately;  // cells report in lumps: what is shown follows slowly
      last_at = sample.elapsed;
      last_events = sample.events;
      draw(descriptor, std::string{erase} + progress_text(sample, rate, style));
    }
    draw(descriptor, erase);
  }
};

ProgressLine::ProgressLine(int descriptor, const TextStyle& style, std::function<ProgressSample()> read) {
  if (!is_terminal(descriptor)) return;
  impl_ = std::make_unique<Impl>(Impl{descriptor, style, std::move(read), {}});
  impl_->drawer = std::jthread{[impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); }};
}

ProgressLine::~ProgressLine() = default;

void ProgressLine::stop() {
  impl_.reset();  // the thread is asked to stop and waited for
}

}  // namespace dueprocess
