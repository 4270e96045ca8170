# What an installed Tailgate consists of beyond the program.
install(FILES docs/tailgate.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES completions/tailgate.bash RENAME tailgate
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES completions/_tailgate DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING PATTERN "*.md" PATTERN "*.svg")
install(DIRECTORY scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/tailgate/scenarios)
install(DIRECTORY baselines/competitors/ DESTINATION ${CMAKE_INSTALL_DATADIR}/tailgate/competitors
  FILES_MATCHING PATTERN "*.toml")
