// The presets: personas under a name, written in the language they are a part of (docs/scenario-language.md lists them).
#include "scenarios/language/parts.hpp"

namespace dueprocess {

std::span<const Preset> all_presets() {
  static constexpr Preset presets[] = {
      {"punctual",
       "delivers_after: {fraction_of_due: {triangular: [0.2, 0.7, 1]}}, drafts: 0..2, opens_draft: 30%, files: {count: 1..3, "
       "size: {lognormal: {median: 20MB, p95: 500MB}, max: 5GB}}",
       ""},
      {"late", "delivers_after: {fraction_of_due: {uniform: [1, 1.6]}}, drafts: 0..1", ""},
      {"busy", "delivers_after: {fraction_of_due: {triangular: [0.1, 0.3, 0.6]}}, parallel: 3", ""},
      {"careless", "forgets_file: 40%, oversize: 10%, blank_description: 10%, work_sample: 5%, confirms_no_file: 50%", ""},
      {"draft_saver", "drafts: 3..10, opens_draft: 100%, delivers_draft: 100%", ""},
      {"prompt", "",
       "decides_after: {lognormal: {median: 6h, p95: 40h}}, decides: {accept: 85%, modify: 10%, extend: 5%}, looks: 0..2"},
      {"silent", "", "looks: 0..1"},
      {"picky", "", "decides_after: {lognormal: {median: 8h, p95: 36h}}, decides: {accept: 100%}, modification_rounds: 2..5"},
      {"extender", "",
       "decides_after: {lognormal: {median: 12h, p95: 60h}}, decides: {extend: 70%, accept: 20%}, extensions: 1..4, extend_by: "
       "{choice: {1d: 50%, 5d: 30%, 10d: 20%}}"},
      {"last_minute", "abandons: 0%, delivers_at: {due: {choice: {-1s: 10%, -1ms: 15%, -1us: 25%, 0s: 25%, 1us: 15%, 1s: 10%}}}",
       "decides_at: {deadline: {choice: {-1s: 10%, -1ms: 15%, -2us: 5%, -1us: 20%, 0s: 20%, 1us: 15%, 1ms: 10%, 1s: 5%}}}, "
       "decides: {accept: 50%, modify: 25%, extend: 25%}"},
      {"double_clicker", "double_clicks: 100%, retries_with_key: 50%, repeats_after: {choice: {0s: 20%, 150ms: 60%, 2s: 20%}}",
       "decides_after: {lognormal: {median: 6h, p95: 40h}}, decides: {accept: 70%, modify: 15%, extend: 15%}, double_clicks: "
       "100%, retries_with_key: 50%, repeats_after: {choice: {0s: 20%, 150ms: 60%, 2s: 20%}}"},
      {"intruder", "intrudes: 100%", "decides_after: {lognormal: {median: 6h, p95: 40h}}, intrudes: 100%"},
      {"support_seeker", "seeks_support: 100%, looks: 1..4",
       "decides_after: {lognormal: {median: 12h, p95: 60h}}, seeks_support: 100%, looks: 1..4"},
  };
  return presets;
}

}  // namespace dueprocess
