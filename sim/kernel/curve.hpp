// Continuous distributions as their builder sees them: distribution function and quantiles, precise in both tails.
// Floating point; nothing here is used while a simulation runs.
#pragma once

#include <memory>

namespace dueprocess {

class Curve {
 public:
  virtual ~Curve() = default;
  virtual double below(double x) const = 0;           // P(X <= x)
  virtual double above(double x) const = 0;           // P(X > x), also where below(x) is all but 1
  virtual double quantile(double p) const = 0;        // below(x) = p
  virtual double quantile_above(double q) const = 0;  // above(x) = q
  virtual double support_low() const = 0;             // may be infinite
  virtual double support_high() const = 0;            // may be infinite
};

std::shared_ptr<const Curve> triangular_curve(double low, double mode, double high);
std::shared_ptr<const Curve> exponential_curve(double mean);
std::shared_ptr<const Curve> normal_curve(double mean, double sd);
std::shared_ptr<const Curve> lognormal_curve(double log_median, double sigma);
std::shared_ptr<const Curve> gamma_curve(double shape, double scale);
std::shared_ptr<const Curve> weibull_curve(double shape, double scale);
std::shared_ptr<const Curve> pareto_curve(double scale, double shape);

}  // namespace dueprocess
