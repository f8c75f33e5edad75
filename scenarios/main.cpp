#include "scenarios/program.hpp"

int main(int argc, char** argv) { return peloton::run_program({argv + 1, argv + argc}); }
