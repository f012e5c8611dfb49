# SPDX-License-Identifier: Apache-2.0
#
# Writes a C file with the content of the web page's files, which agent/web/page.h declares.
#
#	cmake -DOUTPUT=page_files.c "-DFILES=a/index.html;a/app.js" -P embed.cmake

set(TYPE_html "text/html; charset=utf-8")
set(TYPE_js "text/javascript; charset=utf-8")
set(TYPE_css "text/css; charset=utf-8")
set(TYPE_svg "image/svg+xml")

set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
	get_filename_component(name ${file} NAME)
	get_filename_component(extension ${file} LAST_EXT)
	string(SUBSTRING "${extension}" 1 -1 extension)
	if(NOT DEFINED TYPE_${extension})
		message(FATAL_ERROR "${file}: no content type for .${extension} files")
	endif()
	set(path "/${name}")
	if(name STREQUAL "index.html")
		set(path "/")
	endif()

	file(READ ${file} bytes HEX)
	string(LENGTH "${bytes}" length)
	math(EXPR length "${length} / 2")
	string(REGEX REPLACE "(................................)" "\\1\n\t" bytes "${bytes}")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " bytes "${bytes}")
	file(SHA256 ${file} hash)
	string(SUBSTRING ${hash} 0 16 hash)

	string(APPEND arrays "static const unsigned char file_${number}[] = {\n\t${bytes}\n};\n\n")
	string(APPEND rows "\t{ \"${path}\", \"${TYPE_${extension}}\", \"\\\"${hash}\\\"\", "
		"file_${number}, ${length} },\n")
	math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT}.new
	"/* Made by dashboards/embed.cmake from dashboards/web/. */\n\n#include \"web/page.h\"\n\n"
	"${arrays}const struct page_file page_files[] = {\n${rows}\t{ 0 },\n};\n")
file(RENAME ${OUTPUT}.new ${OUTPUT})
