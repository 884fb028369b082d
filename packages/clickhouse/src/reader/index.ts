export { createSliceReader, type SliceReaderOptions } from './slice-reader.ts'
