#pragma once

namespace tkn::cli {

// How many lines fit on the screen that standard output is; 0 where it is none.
int ScreenRows();

}  // namespace tkn::cli
