/** Loaded into a process before its program: prints the most memory it had, when it ends. */
process.on('exit', () => {
  console.log(`peak ${process.resourceUsage().maxRSS} KB`);
});
