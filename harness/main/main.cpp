// dueprocess itself: the command line over the built-in engine.
#include "harness/main/entry.hpp"

int main(int argc, char** argv) { return dueprocess::main_with_target(argc, argv, {}); }
