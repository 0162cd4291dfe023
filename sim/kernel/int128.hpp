// 128-bit integers: sums that cannot overflow and products that lose no bit. g++ and clang have them on every 64-bit
// machine, outside ISO C++.
#pragma once

namespace dueprocess {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

}  // namespace dueprocess
