/**
 * Cohen's h: difference of two proportions on the arcsine scale, A minus B, in [-pi, pi]. Equal steps of h are equally easy to detect;
 * 0.2, 0.5 and 0.8 are Cohen's small, medium and large.
 *
 * Source: Cohen 1988, chapter 6, equation 6.2.1.
 * Example: cohensH(1, 0) is pi
 */
export const cohensH = (a: number, b: number): number => 2 * Math.asin(Math.sqrt(a)) - 2 * Math.asin(Math.sqrt(b));
