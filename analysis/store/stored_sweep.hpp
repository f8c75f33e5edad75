#pragma once

#include <functional>

#include "analysis/store/sqlite.hpp"
#include "analysis/store/sweep_store.hpp"

namespace peloton {

/// Throws unless the file is a store of this version of the layout.
void check_layout(Database& database);

/// The program's version that made the store.
[[nodiscard]] std::string stored_version(Database& database);
[[nodiscard]] SweepIdentity stored_identity(Database& database);
/// How the sweep is scored: the scenario's "score"; null for the defaults.
[[nodiscard]] Json stored_score(Database& database);

/// A finished point; nothing when it is not finished.
[[nodiscard]] std::optional<StoredPoint> stored_point(Database& database, std::size_t point);
/// Hands the finished points to `visit`, by index.
void visit_points(Database& database, const std::function<void(StoredPoint)>& visit);

/// Throws an InputError that lists what differs, unless the identities and versions are equal. `advice` ends the message.
void check_same(const std::string& file, const SweepIdentity& stored, const std::string& version, const SweepIdentity& wanted,
                std::string_view advice);

}  // namespace peloton
