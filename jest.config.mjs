// Jest runs what tsc emitted: the code under test is the code that ships, and nothing is transformed twice.
export default {
  testEnvironment: 'node',
  transform: {},
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/e2e'],
  testMatch: ['**/dist/**/*.spec.js'],
  modulePathIgnorePatterns: ['<rootDir>/training', '<rootDir>/bench'],
}
