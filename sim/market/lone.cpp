// Which orders of a block are lone ones: looked at before any is placed, since all of it follows from their first draws.
#include "sim/market/steps.hpp"

namespace dueprocess {

/// Of its own accord it meets no other order: nobody's turn at a desk, no list of orders.
bool Market::Impl::is_lone(const Prospect& prospect) const {
  const SellerTraits& seller = seller_of(prospect);
  const BuyerTraits& buyer = buyer_of(prospect);
  return seller.parallel == 0 && !seller.habits.lists.possible() && !buyer.habits.lists.possible();
}

/// Will one of its people try something on an order of somebody else (intrude())?
bool Market::Impl::meets_neighbours(const Prospect& prospect) const {
  const auto meets = [&](const HabitTraits& habits, std::uint32_t what, bool by_seller) {
    return habits.intrudes.possible() && will_intrude(draws(prospect, what, 0), habits) &&
           intrudes_on_others_order(intrusion_draws(prospect, by_seller));
  };
  return meets(seller_of(prospect).habits, purpose::seller_habits, true) ||
         meets(buyer_of(prospect).habits, purpose::buyer_habits, false);
}

void Market::Impl::look_ahead() {
  const Block& block = streams.front().block;
  const std::uint64_t count = block.orders.count;
  streams.front().arrivals.all(*plan.arrivals, block, instants);
  prospects.resize(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    prospects[i] = prospect_of(block.orders.at(i), instants[i], block);
    prospects[i].lone = is_lone(prospects[i]);
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!meets_neighbours(prospects[i])) continue;
    for (std::uint64_t j = i > neighbours ? i - neighbours : 0; j < std::min(count, i + neighbours + 1); ++j)
      prospects[j].lone = false;
  }
  for (std::uint64_t i = 0; i < count; ++i)
    if (prospects[i].lone) lone.push_back(block.orders.at(i));
}

}  // namespace dueprocess
