// dueprocess schema: the JSON Schema of the file formats.

#include "harness/history/schema.hpp"
#include "harness/main/commands.hpp"
#include "harness/main/output.hpp"
#include "reports/result.hpp"
#include "scenarios/language/read.hpp"
#include "scenarios/language/read_binding.hpp"

namespace dueprocess {

ExitCode schema_command(const SchemaRequest& request) {
  std::string text = request.what == SchemaOf::scenario  ? scenario_schema()
                     : request.what == SchemaOf::binding ? binding_schema()
                     : request.what == SchemaOf::history ? history_schema()
                                                         : result_schema();
  if (!text.ends_with('\n')) text += '\n';
  return print_out(text) ? ExitCode::ok : ExitCode::output;
}

}  // namespace dueprocess
