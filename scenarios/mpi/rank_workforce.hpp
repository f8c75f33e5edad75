#pragma once

#include <boost/mpi/communicator.hpp>
#include <memory>

#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// The processes of an MPI job, each of which makes one run at a time; the first one hands out the tasks and makes runs itself, too.
/// It looks for messages a few hundred times a second instead of waiting in MPI, which would keep a core busy.
[[nodiscard]] std::unique_ptr<Workforce> make_rank_workforce(const boost::mpi::communicator& world, const Execution& execution);

/// What the other processes do: runs, until the first one ends the job.
void serve_first_rank(const boost::mpi::communicator& world);
/// Ends the other processes.
void end_other_ranks(const boost::mpi::communicator& world);

}  // namespace peloton
