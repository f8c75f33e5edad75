#pragma once

/// Options are data: a struct declares its fields once (name, member, range, help; the default is the member's initialiser).
/// Parsing, validation, defaults, `describe`, the JSON Schema and the resolved scenario follow from the declaration.
#include "sim/base/option_declarations.hpp"
#include "sim/base/option_types.hpp"
