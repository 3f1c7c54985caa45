#pragma once

namespace tkn::graph {

// The number of the calling thread, for IsComputing; 0 where there is no way to tell.
int ThreadNumber();

// Whether that thread of this process runs, or would if a processor was free: it computes, and
// waits for nothing. False also where that cannot be found out: only Linux tells (proc(5),
// /proc/[pid]/task/[tid]/stat). Costs some 10 us. Any thread.
bool IsComputing(int thread);

}  // namespace tkn::graph
