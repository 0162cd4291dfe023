#include "reports/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace dueprocess {
namespace {

constexpr std::size_t width_min = 60, width_max = 160;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string_view escape_of(Ink ink) {
  switch (ink) {
    case Ink::good:
      return "\x1b[32m";
    case Ink::bad:
      return "\x1b[31m";
    case Ink::doubtful:
      return "\x1b[33m";
    case Ink::heading:
      return "\x1b[1m";
    case Ink::faint:
      return "\x1b[2m";
  }
  return "";
}

}  // namespace

std::string inked(std::string_view text, Ink ink, const TextStyle& style) {
  if (!style.colour || text.empty()) return std::string{text};
  return std::string{escape_of(ink)}.append(text).append("\x1b[0m");
}

bool is_terminal(int descriptor) { return isatty(descriptor) == 1 && variable("TERM") != "dumb"; }

TextStyle style_of(int descriptor, bool allow_colour) {
  TextStyle style;
  winsize size{};
  if (isatty(descriptor) == 1 && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = std::clamp<std::size_t>(size.ws_col, width_min, width_max);
  style.colour = allow_colour && is_terminal(descriptor) && variable("NO_COLOR").empty();
  return style;
}

}  // namespace dueprocess
