#pragma once

#include <vector>

#include "tests/simulator/filter.h"
#include "tests/simulator/request.h"

namespace tkn::simulator {

// What a collection answers when nothing is in it.
enum class EmptyPage { One, Zero };

// The page of `items` that the request asks for by page, page_size and X-Filter. Throws ApiError
// 400.
Json Listing(const Request& request, std::vector<Json> items, const FieldSet& filterable,
             EmptyPage empty = EmptyPage::One);

}  // namespace tkn::simulator
