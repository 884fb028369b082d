/** Digits that tell neighbours on an axis apart, and no more. */

/** After the point, of values that lie so far apart. */
export const digitsFor = (apart: number): number =>
  apart > 0 && apart < 1 ? Math.min(6, Math.ceil(-Math.log10(apart) - 1e-9) + (isRound(apart) ? 0 : 1)) : 0

/** In all, of values up to a size that lie so far apart. */
export const significant = (size: number, apart: number): number =>
  apart > 0 ? Math.min(9, Math.max(1, Math.ceil(Math.log10(size / apart)) + 1)) : 3

/** 0.1, 0.2, 0.05 need one digit less than 0.25. */
const isRound = (apart: number): boolean => {
  const lead = apart / 10 ** Math.floor(Math.log10(apart) + 1e-9)
  return Math.abs(lead - Math.round(lead)) < 1e-6
}
