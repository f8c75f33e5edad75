/// peloton under `mpirun`: the same commands; a sweep is spread over the processes, all else is done by the first one.

#include <fmt/format.h>

#include <boost/mpi.hpp>

#include "scenarios/mpi/rank_workforce.hpp"
#include "scenarios/program.hpp"
#include "sim/base/error.hpp"

int main(int argc, char** argv) {
  using namespace peloton;
  namespace mpi = boost::mpi;
  const mpi::environment environment(argc, argv, mpi::threading::funneled);
  const mpi::communicator world;
  if (world.rank() != 0) {
    serve_first_rank(world);
    return 0;
  }
  const int code = run_program({argv + 1, argv + argc}, [&](const Execution& execution, std::optional<std::size_t> jobs) {
    if (jobs) throw InputError("--jobs: under mpirun each process makes one run at a time: say how many with mpirun -n");
    return make_rank_workforce(world, execution);
  });
  end_other_ranks(world);
  return code;
}
