// Distributions over integers (microseconds, bytes, counts, parts per billion) by inverse CDF from integer tables:
// built once with floating point, sampled with integers only, so a draw costs a table look-up and one multiplication and
// is the same on every machine that built the same table.
//
// A quantile function over 64 random bits: monotone in the bits (common random numbers work). Central table plus finer tables for
// both tails; beyond the last tail cell the value is clamped, and min()/max() say where.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace dueprocess {

class Distribution {
 public:
  Distribution();  // constant 0
  static Distribution constant(std::int64_t value);
  static Distribution uniform(std::int64_t low, std::int64_t high);  // every integer of [low, high], equally likely
  static Distribution triangular(double low, double mode, double high);
  static Distribution exponential(double mean);
  static Distribution normal(double mean, double sd);
  static Distribution lognormal(double median, double sigma);  // sigma of the logarithm
  static Distribution lognormal_by_p95(double median, double p95);
  static Distribution gamma(double shape, double scale);
  static Distribution weibull(double shape, double scale);
  static Distribution pareto(double scale, double shape);  // x >= scale
  struct Weighted {
    std::int64_t value;
    double weight;
  };
  static Distribution empirical(std::span<const Weighted>);  // exactly the values given
  /// Conditioned on [low, high]: rejection-free (the quantile function restricted to [F(low), F(high)]).
  /// REQUIRES: the distribution puts some mass there; `truncatable()` says so.
  Distribution truncated(std::int64_t low, std::int64_t high) const;
  bool has_mass_in(std::int64_t low, std::int64_t high) const;

  std::int64_t operator()(std::uint64_t bits) const;
  std::int64_t min() const;
  std::int64_t max() const;
  double mean() const;  // of what is really sampled (the table)
  bool is_constant() const { return min() == max(); }

  // representation: chosen by its implementer
 private:
  struct Table;
  std::shared_ptr<const Table> table_;
};

}  // namespace dueprocess
