#include "scenarios/mpi/rank_messages.hpp"

namespace peloton {

std::string encode_execution(const Execution& execution) {
  return Json{{"threads", execution.threads},
              {"kernels", execution.kernels},
              {"data_folder", execution.data_folder},
              {"max_memory", execution.max_memory ? Json(execution.max_memory->value) : Json()},
              {"scenario_file", execution.scenario_file}}
      .dump();
}

Execution decode_execution(const std::string& text) {
  const Json json = Json::parse(text);
  Execution out;
  out.threads = json.at("threads").get<std::size_t>();
  out.kernels = json.at("kernels").get<std::string>();
  out.data_folder = json.at("data_folder").get<std::string>();
  if (!json.at("max_memory").is_null()) out.max_memory = Bytes{json.at("max_memory").get<double>()};
  out.scenario_file = json.at("scenario_file").get<std::string>();
  return out;
}

std::string encode_task(const PointTask& task) { return Json{{"index", task.index}, {"scenario", task.scenario}}.dump(); }

PointTask decode_task(const std::string& text) {
  Json json = Json::parse(text);
  return {json.at("index").get<std::size_t>(), std::move(json.at("scenario"))};
}

std::string encode_outcome(const PointOutcome& outcome) {
  return Json{{"index", outcome.index},     {"kind", static_cast<int>(outcome.kind)}, {"summary", outcome.summary},
              {"machine", outcome.machine}, {"rows", metrics_csv(outcome.rows)},      {"wall_seconds", outcome.wall_seconds},
              {"error", outcome.error}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

PointOutcome decode_outcome(const std::string& text) {
  Json json = Json::parse(text);
  return {.index = json.at("index").get<std::size_t>(),
          .kind = static_cast<PointOutcome::Kind>(json.at("kind").get<int>()),
          .summary = std::move(json.at("summary")),
          .machine = std::move(json.at("machine")),
          .rows = parse_metrics_csv(json.at("rows").get_ref<const std::string&>(), "measurements of another process"),
          .wall_seconds = json.at("wall_seconds").get<double>(),
          .error = json.at("error").get<std::string>()};
}

}  // namespace peloton
