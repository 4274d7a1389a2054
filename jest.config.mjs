// Jest runs what tsc emitted: the code under test is the code that ships, and nothing is transformed twice.
export default {
  testEnvironment: 'node',
  transform: {},
  // It finds what hangs, and nothing else: servers and commands start inside hooks and tests, on machines that do other
  // work too. No test has a shorter one of its own.
  testTimeout: 600_000,
  globalSetup: '<rootDir>/libs/testing/dist/jest-setup.js',
  globalTeardown: '<rootDir>/libs/testing/dist/jest-teardown.js',
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/e2e'],
  testMatch: ['**/dist/**/*.spec.js'],
  modulePathIgnorePatterns: ['<rootDir>/training', '<rootDir>/bench'],
}
