#include "sim/kernel/curve.hpp"

#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/math/distributions/triangular.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <cmath>
#include <limits>

namespace dueprocess {
namespace {

namespace math = boost::math;
// What overflows is infinite (the builder cuts it off), and long double is not used: it differs between machines.
using Policy =
    math::policies::policy<math::policies::promote_double<false>, math::policies::overflow_error<math::policies::ignore_error>,
                           math::policies::underflow_error<math::policies::ignore_error>>;
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class Law>
class MathCurve final : public Curve {
 public:
  MathCurve(const Law& law, double low, double high) : law_(law), low_(low), high_(high) {}
  double below(double x) const override { return x <= low_ ? 0 : x >= high_ ? 1 : math::cdf(law_, x); }
  double above(double x) const override { return x <= low_ ? 1 : x >= high_ ? 0 : math::cdf(math::complement(law_, x)); }
  double quantile(double p) const override { return p <= 0 ? low_ : p >= 1 ? high_ : math::quantile(law_, p); }
  double quantile_above(double q) const override {
    return q <= 0 ? high_ : q >= 1 ? low_ : math::quantile(math::complement(law_, q));
  }
  double support_low() const override { return low_; }
  double support_high() const override { return high_; }

 private:
  Law law_;
  double low_, high_;
};

template <class Law>
std::shared_ptr<const Curve> curve(const Law& law, double low = 0, double high = infinity) {
  return std::make_shared<MathCurve<Law>>(law, low, high);
}

}  // namespace

std::shared_ptr<const Curve> triangular_curve(double low, double mode, double high) {
  return curve(math::triangular_distribution<double, Policy>{low, mode, high}, low, high);
}
std::shared_ptr<const Curve> exponential_curve(double mean) {
  return curve(math::exponential_distribution<double, Policy>{1 / mean});
}
std::shared_ptr<const Curve> normal_curve(double mean, double sd) {
  return curve(math::normal_distribution<double, Policy>{mean, sd}, -infinity);
}
std::shared_ptr<const Curve> lognormal_curve(double log_median, double sigma) {
  return curve(math::lognormal_distribution<double, Policy>{log_median, sigma});
}
std::shared_ptr<const Curve> gamma_curve(double shape, double scale) {
  return curve(math::gamma_distribution<double, Policy>{shape, scale});
}
std::shared_ptr<const Curve> weibull_curve(double shape, double scale) {
  return curve(math::weibull_distribution<double, Policy>{shape, scale});
}
std::shared_ptr<const Curve> pareto_curve(double scale, double shape) {
  return curve(math::pareto_distribution<double, Policy>{scale, shape}, scale);
}

}  // namespace dueprocess
