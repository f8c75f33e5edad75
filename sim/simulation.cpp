#include "sim/simulation.hpp"

namespace peloton {

void Simulation::visit_state(StateVisitor& v) {
  v("now", now_);
  v("events", events_);
  std::uint64_t raw = fingerprint_.raw();
  v("fingerprint", raw);
  fingerprint_.set_raw(raw);
  v("queue", queue_);
}

}  // namespace peloton
