// What the place a text goes to can show. Asked once by the composition root; the reports themselves only take the answer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dueprocess {

struct TextStyle {
  bool colour = false;
  std::size_t width = 100;  // columns
};

enum class Ink { good, bad, doubtful, heading, faint };

/// In the ink's colour where there are colours; else as it is.
std::string inked(std::string_view, Ink, const TextStyle&);

/// Whether the descriptor is a terminal that understands escape sequences (not TERM=dumb).
bool is_terminal(int descriptor);
/// Colours: on such a terminal only, and neither NO_COLOR (set and not empty) nor the caller may object. Width: the
/// terminal's, kept within 60 and 160; 100 elsewhere.
TextStyle style_of(int descriptor, bool allow_colour);

}  // namespace dueprocess
