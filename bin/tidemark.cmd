@echo off
rem Starts the command line of an installed Tidemark with the Node that came with it.
"%~dp0..\node.exe" "%~dp0..\out\cli.js" %*
