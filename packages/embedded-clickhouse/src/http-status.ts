/** The HTTP status that ClickHouse answers an error code with; any other code is 500. */
const STATUS_OF_CODES: ReadonlyArray<readonly [status: number, codes: readonly number[]]> = [
  [400, [6, 25, 26, 27, 36, 38, 41, 44, 8, 53, 56, 62, 70, 72, 117, 129, 167, 168, 174, 321, 376, 427, 441, 675, 676]],
  [401, [194]],
  [403, [192, 193, 497, 516]],
  [404, [46, 47, 50, 60, 63, 73, 81, 115, 173, 511]],
  [408, [159]],
  [411, [381]],
  [413, [223]],
  [501, [48]],
  [503, [76, 209, 439]],
]

const statusOfCode = new Map(STATUS_OF_CODES.flatMap(([status, codes]) => codes.map(code => [code, status])))

/** The HTTP status for a ClickHouse error code. */
export const httpStatus = (code: number): number => statusOfCode.get(code) ?? 500
