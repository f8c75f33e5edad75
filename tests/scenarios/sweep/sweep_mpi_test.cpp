#include "tests/scenarios/sweep/sweep_process.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Why sweeps cannot be spread over processes here; empty when they can.
std::string missing_mpi() {
  if (std::string_view(PELOTON_MPI_BINARY).empty()) return "built without MPI (libboost-mpi-dev openmpi-bin)";
  if (std::system("command -v mpirun >/dev/null 2>&1") != 0) return "no mpirun here";
  return {};
}

/// peloton under mpirun with so many processes, on however few cores, as any user.
std::string mpirun(int processes) {
  return "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 timeout 120 mpirun --oversubscribe -n " + std::to_string(processes) +
         " '" + PELOTON_MPI_BINARY + "' ";
}

}  // namespace

TEST_CASE("a sweep gives the same tables on 1, 2 and 4 processes", "[scenarios][sweep][mpi]") {
  SKIP_IF(!missing_mpi().empty(), missing_mpi());
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  REQUIRE(shell(folder, "peloton sweep s.json --out threads").code == 0);
  const Tables expected = tables_of(folder / "threads");
  for (const int processes : {1, 2, 4}) {
    INFO(processes);
    const std::string out = "ranks" + std::to_string(processes);
    const Outcome run = shell(folder, mpirun(processes) + "sweep s.json --quiet --out " + out);
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK_THAT(run.out, Catch::Matchers::EndsWith("small: 12 of 12 points: 12 finished\nresults in " + out + "\n"));
    CHECK(tables_of(folder / out) == expected);
  }
}

TEST_CASE("errors under mpirun are told once, with their exit codes, and nobody hangs", "[scenarios][sweep][mpi]") {
  SKIP_IF(!missing_mpi().empty(), missing_mpi());
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const Outcome wrong = shell(folder, mpirun(3) + "sweep s.json --vary cluster.wrokers=1");
  CHECK(wrong.code == 2);
  CHECK(wrong.err.find("did you mean \"workers\"") == wrong.err.rfind("did you mean \"workers\""));
  const Outcome jobs = shell(folder, mpirun(2) + "sweep s.json --jobs 2");
  CHECK(jobs.code == 2);
  CHECK_THAT(jobs.err, ContainsSubstring("--jobs: under mpirun"));
  const Outcome failing = shell(folder, mpirun(3) + "sweep s.json --out failing --vary cluster.workers=2,101");  // more than there are rows
  CHECK(failing.code == 2);
  CHECK_THAT(failing.err, ContainsSubstring("6 points failed, all for this reason"));
  CHECK(shell(folder, mpirun(2) + "list").code == 0);
}

TEST_CASE("the ordinary program does not load MPI", "[scenarios][sweep][mpi]") {
  SKIP_IF(!missing_mpi().empty(), missing_mpi());
  const TemporaryDirectory folder;
  const Outcome libraries = shell(folder, "ldd \"$PELOTON\"");
  REQUIRE(libraries.code == 0);
  CHECK_THAT(libraries.out, ContainsSubstring("libsqlite3"));
  CHECK(libraries.out.find("libmpi") == std::string::npos);
}
