// A plot as a scenario file, as a person would have written it: what is as usual is left out, instants are told from the nearest
// boundary. The shorter the text, the simpler the plot: what shrinks measures by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/shrink/plot.hpp"

namespace dueprocess {

struct PlotHeading {
  std::string name;                   // of the scenario
  std::vector<std::string> comments;  // lines at its beginning, each kept on one
  std::vector<std::string> cases;     // names of the cases; missing ones are "order 1", ...
  std::vector<std::string> expect;
};

/// `texts`: the scenario's text table.
std::string plot_text(const Plot&, const std::vector<std::string>& texts, const PlotHeading&);

/// An instant of an order, the shortest way there is: "1d", "due", "due + 3d - 1us".
std::string moment_text(Instant, const OrderPlot&);

/// In double quotes, as YAML and JSON know them, where it has to be; control characters become '?'.
std::string yaml_quoted(std::string_view);

}  // namespace dueprocess
