#pragma once

#include <boost/json/string_view.hpp>

#include <string_view>

namespace dueprocess {

/// The same characters, as Boost.JSON takes them: it keeps a string view of its own.
inline boost::json::string_view view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace dueprocess
