#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace peloton {

/// Exit codes of SCENARIO.md.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongInput = 2;
inline constexpr int kInterrupted = 130;

/// One command of the program.
struct Command {
  std::string_view name;
  std::string_view summary;
  int (*run)(const std::vector<std::string>& arguments);
};

[[nodiscard]] std::span<const Command> commands();

int run_command(const std::vector<std::string>& arguments);
int sweep_command(const std::vector<std::string>& arguments);
int merge_command(const std::vector<std::string>& arguments);
int compare_command(const std::vector<std::string>& arguments);
int report_command(const std::vector<std::string>& arguments);
int plot_command(const std::vector<std::string>& arguments);
int validate_command(const std::vector<std::string>& arguments);
int schema_command(const std::vector<std::string>& arguments);
int list_command(const std::vector<std::string>& arguments);
int describe_command(const std::vector<std::string>& arguments);
int topology_command(const std::vector<std::string>& arguments);

}  // namespace peloton
