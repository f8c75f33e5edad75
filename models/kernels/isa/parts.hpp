#pragma once

#include "models/kernels/table.hpp"

/// The files of this folder are compiled once per instruction set, each time into a namespace of its own. A weak symbol outside that
/// namespace (an inline function, a template of the standard library) could replace baseline code at link time and crash processors
/// without the instructions: none may be left behind, so only built-ins and C functions are called here.
namespace peloton::PELOTON_ISA {

void set_vector_kernels(KernelSet<float>& set);
void set_vector_kernels(KernelSet<double>& set);
void set_matrix_kernels(KernelSet<float>& set);
void set_matrix_kernels(KernelSet<double>& set);
void set_row_kernels(KernelSet<float>& set);
void set_row_kernels(KernelSet<double>& set);
void set_loss_kernels(KernelSet<float>& set);
void set_loss_kernels(KernelSet<double>& set);

}  // namespace peloton::PELOTON_ISA
